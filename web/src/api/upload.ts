// Sending a file: the one call that tells how far it is, which `fetch` cannot.
import { api, take } from "./client";
import { newId } from "./ids";
import { Problem, problemFrom, unreachable } from "./problem";
import type { FileView } from "./types";

/** What a file is for, where that allows other kinds and sizes. */
export type Purpose = "import";

function send(path: string, key: string, body: FormData, onProgress: (share: number) => void, signal: AbortSignal): Promise<Response> {
  return new Promise((done, failed) => {
    const call = new XMLHttpRequest();
    call.open("POST", path);
    call.setRequestHeader("Idempotency-Key", key);
    call.upload.addEventListener("progress", ({ loaded, total }) => onProgress(total > 0 ? loaded / total : 0));
    call.addEventListener("load", () => {
      const headers = { "content-type": call.getResponseHeader("content-type") ?? "", "retry-after": call.getResponseHeader("retry-after") ?? "" };
      done(new Response(call.status === 204 ? null : call.responseText, { status: call.status, headers }));
    });
    call.addEventListener("error", () => failed(unreachable(new Error("upload"))));
    call.addEventListener("abort", () => failed(new DOMException("upload", "AbortError")));
    signal.addEventListener("abort", () => call.abort());
    if (signal.aborted) failed(new DOMException("upload", "AbortError"));
    else call.send(body);
  });
}

/** Sends the file; `onProgress` hears how much of it is there, from 0 to 1. Rejects with a Problem. */
export async function upload(
  file: Blob,
  name: string,
  onProgress: (share: number) => void,
  signal: AbortSignal,
  purpose?: Purpose,
): Promise<FileView> {
  const path = purpose === undefined ? "/api/files" : `/api/files?for=${purpose}`;
  // The same for both tries: a file that did arrive is not kept twice.
  const key = newId();
  const body = new FormData();
  body.append("file", file, name);
  let response = await send(path, key, body, onProgress, signal);
  if (response.status === 401) {
    // Any call renews a session that has run out.
    await take(api.GET("/api/auth/me"));
    response = await send(path, key, body, onProgress, signal);
  }
  if (!response.ok) throw await problemFrom(response);
  const { file: stored }: { file?: FileView } = (await response.json()) as { file?: FileView };
  if (!stored) throw new Problem({ status: response.status, code: "unknown", title: "The file was not stored." });
  return stored;
}
