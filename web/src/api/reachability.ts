// Whether the server answers. The browser's own `navigator.onLine` speaks of the network, not of the
// server: on one machine the two have nothing to do with each other.
import { useSyncExternalStore } from "react";

let isUp = true;
const listeners = new Set<() => void>();

/** Called by every call: `up` when any answer came. */
export function reportReachable(up: boolean): void {
  if (up === isUp) return;
  isUp = up;
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** False from the first call that got no answer until one does. */
export function useReachable(): boolean {
  return useSyncExternalStore(subscribe, () => isUp);
}

/** Asks the server for a sign of life. */
export async function ping(): Promise<boolean> {
  const up = await fetch("/health", { cache: "no-store" }).then(
    (response) => response.ok,
    () => false,
  );
  if (up) reportReachable(true);
  return up;
}
