import createClient from "openapi-fetch";
import type { PendingPaths } from "./pending";
import { problemFrom } from "./problem";
import { reach, withRefresh } from "./refresh";
import type { paths } from "./schema";
import type { Sent } from "./types";

const signedOut = new EventTarget();

/** Calls `listener` whenever the server has ended the session; returns how to stop. */
export function onSignedOut(listener: () => void): () => void {
  signedOut.addEventListener("signedOut", listener);
  return () => signedOut.removeEventListener("signedOut", listener);
}

/**
 * The typed client of every call. Cookies carry the session; a failed call rejects with a
 * `Problem`, so `data` is there whenever the promise resolves: see `take`.
 */
export const api = createClient<paths & PendingPaths>({
  baseUrl: location.origin,
  credentials: "same-origin",
  fetch: withRefresh(reach, () => signedOut.dispatchEvent(new Event("signedOut"))),
});

api.use({
  async onResponse({ response }) {
    if (!response.ok) throw await problemFrom(response);
  },
});

/** The body of a call that succeeded: `const { user } = await take(api.GET("/api/auth/me"))`. */
export async function take<T>(call: Promise<{ data?: T }>): Promise<Sent<T>> {
  const { data } = await call;
  // A 2xx always carries the body its description names; 204 has the type `undefined`.
  return data as Sent<T>;
}

/** The header that makes a repeated POST safe; one key per act of the user, kept over its retries. */
export function idempotent(key: string): { "Idempotency-Key": string } {
  return { "Idempotency-Key": key };
}
