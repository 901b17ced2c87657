// What the library does not do by itself: come back after the server refused or ended a connection,
// and at once when a phone wakes up.
import type { Socket } from "socket.io-client";

type Kept = Pick<Socket, "active" | "connected" | "connect" | "disconnect" | "on">;

/** Long enough for a server that restarts, and no burden on one that refuses. */
const refusedMs = 5_000;

/**
 * Keeps `socket` connected until `signal` aborts. `renew` makes the session's cookie fresh: the most
 * likely reason of a refusal is that it had run out.
 */
export function keepConnected(socket: Kept, renew: () => Promise<unknown>, signal: AbortSignal): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let refusals = 0;
  const again = async () => {
    await renew();
    if (!signal.aborted) socket.connect();
  };
  const later = () => {
    clearTimeout(timer);
    const pause = refusals === 1 ? 0 : refusedMs * (0.75 + 0.5 * Math.random());
    timer = setTimeout(() => void again(), pause);
  };
  const ended = () => {
    // A broken line is mended by the library, a refusal is not.
    if (socket.active || signal.aborted) return;
    refusals += 1;
    later();
  };
  socket.on("connect", () => {
    refusals = 0;
  });
  socket.on("connect_error", ended);
  socket.on("disconnect", ended);
  const awake = () => {
    if (document.visibilityState !== "visible" || socket.connected) return;
    clearTimeout(timer);
    socket.disconnect().connect();
  };
  document.addEventListener("visibilitychange", awake, { signal });
  addEventListener("online", awake, { signal });
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    socket.disconnect();
  });
}
