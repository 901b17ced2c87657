// The access token lives 15 minutes. A call refused with 401 renews the session once and is sent
// again; calls that fail together share one renewal, because a refresh token is good for one use.
import { problemFrom, unreachable } from "./problem";
import { reportReachable } from "./reachability";

type Fetch = (request: Request) => Promise<Response>;

/** Paths whose 401 speaks of the request itself, never of an expired session. */
const withoutSession = ["login", "register", "refresh", "logout", "setup", "reset", "link"];

function wantsSession(request: Request): boolean {
  const { pathname } = new URL(request.url);
  return !withoutSession.some((name) => pathname === `/api/auth/${name}`);
}

let running: Promise<boolean> | null = null;

async function renew(send: Fetch): Promise<boolean> {
  const request = new Request(new URL("/api/auth/refresh", location.origin), {
    method: "POST",
    credentials: "same-origin",
  });
  const response = await send(request);
  if (response.ok) return true;
  // Only a plain refusal ends the session: a server in trouble must not sign anybody out.
  if (response.status === 401) return false;
  throw await problemFrom(response);
}

/**
 * Renews the session; true when it lives on, false when the person must sign in again.
 * For connections that cannot answer a 401 themselves, such as an EventSource.
 */
export function refreshSession(send: Fetch = reach): Promise<boolean> {
  running ??= renew(send).finally(() => {
    running = null;
  });
  return running;
}

/** Wraps `send` so that an expired session is renewed and the call repeated, unseen by the caller. */
export function withRefresh(send: Fetch, onSignedOut: () => void): Fetch {
  return async (request) => {
    if (!wantsSession(request)) return send(request);
    // A body can be read once: the copy is for the second try.
    const again = request.clone();
    const response = await send(request);
    if (response.status !== 401) return response;
    if (await refreshSession(send)) return send(again);
    onSignedOut();
    return response;
  };
}

// A proxy in front of a stopped server answers by itself, without problem+json.
function isFromProxy(response: Response): boolean {
  const type = response.headers.get("content-type") ?? "";
  return response.status >= 502 && response.status <= 504 && !type.startsWith("application/problem+json");
}

/** `fetch` whose failures to connect are problems; an aborted call stays an AbortError. */
export async function reach(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    reportReachable(!isFromProxy(response));
    return response;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === "AbortError") throw cause;
    reportReachable(false);
    throw unreachable(cause);
  }
}
