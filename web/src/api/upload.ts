// Files on their way to the server. `fetch` cannot say how far it has come, so the older call sends them.
import { api, take } from "./client";
import { newId } from "./ids";
import type { File as Stored } from "./pending";
import { problemFrom, unreachable } from "./problem";

interface UploadOptions {
  /** What it is for, where that allows other kinds and sizes. */
  purpose?: "import";
  /** Called with the share that has gone out, from 0 to 1. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

/** The answer of a call made by hand, as `fetch` would give it. */
function responseOf(request: XMLHttpRequest): Response {
  const headers = new Headers();
  for (const name of ["content-type", "retry-after", "x-request-id"]) {
    const value = request.getResponseHeader(name);
    if (value !== null) headers.set(name, value);
  }
  return new Response(request.responseText, { status: request.status, headers });
}

function send(path: string, body: FormData, { onProgress, signal }: UploadOptions): Promise<Response> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", path);
    request.setRequestHeader("Idempotency-Key", newId());
    request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => lengthComputable && onProgress?.(loaded / total));
    request.addEventListener("load", () => done(responseOf(request)));
    request.addEventListener("error", () => failed(unreachable(new Error("the upload broke off"))));
    request.addEventListener("abort", () => failed(signal?.reason ?? new DOMException("aborted", "AbortError")));
    signal?.addEventListener("abort", () => request.abort(), { once: true });
    if (signal?.aborted) request.abort();
    else request.send(body);
  });
}

/** Sends one file and gives what the server made of it; rejects with a `Problem`. */
export async function uploadFile(file: File, options: UploadOptions = {}): Promise<Stored> {
  // A session that has run out is renewed by this small call, not by a large one that fails at its end.
  await take(api.GET("/api/auth/me", { signal: options.signal }));
  const body = new FormData();
  body.append("file", file, file.name);
  const response = await send(`/api/files${options.purpose ? `?for=${options.purpose}` : ""}`, body, options);
  if (!response.ok) throw await problemFrom(response);
  const { file: stored } = (await response.json()) as { file: Stored };
  return stored;
}
