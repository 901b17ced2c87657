// Shapes of the API that schema.d.ts does not describe yet; each goes when the server's own is there.

export type JobStatus = "queued" | "running" | "done" | "failed" | "cancelled";

export interface Job {
  id: string;
  kind: string;
  status: JobStatus;
  progress: { done: number; total: number | null; note: string | null };
  result: unknown;
  error: { code: string; detail: string } | null;
  createdAt: string;
  updatedAt: string;
}

export interface File {
  id: string;
  name: string;
  mediaType: string;
  kind: "image" | "pdf" | "text" | "code" | "csv" | "docx" | "web";
  sizeBytes: number;
  status: "pending" | "ready" | "failed";
  error: { code: string; detail: string } | null;
  tokens: number | null;
  width: number | null;
  height: number | null;
  pages: number | null;
  sourceUrl: string | null;
  createdAt: string;
}

export interface Hit {
  chatId: string;
  messageId: string;
  role: string;
  title: string;
  snippet: string;
  /** Begin and end of each match, in characters of the snippet. */
  highlights: [number, number][];
  createdAt: string;
}

export type ImportSource = "chatgpt" | "claude" | "openWebui" | "librechat" | "sangam";

export interface ImportResult {
  source: ImportSource;
  chats: number;
  messages: number;
  existing: number;
  leftOut: { title: string; reason: string }[];
}

interface List<Item> {
  items: Item[];
  nextCursor: string | null;
}

type Call<Answer, Body = undefined, Path = undefined, Query = undefined> = {
  parameters: (Path extends undefined ? { path?: undefined } : { path: Path }) & { query?: Query; header?: { "Idempotency-Key"?: string } };
  responses: { 200: { headers: Record<string, never>; content: { "application/json": Answer } } };
} & (Body extends undefined ? { requestBody?: never } : { requestBody: { content: { "application/json": Body } } });

interface ById {
  id: string;
}

interface SearchQuery {
  q: string;
  model?: string;
  from?: string;
  to?: string;
  limit?: number;
  cursor?: string;
}

/** Calls that the description does not hold yet. */
export interface PendingPaths {
  "/api/search": { get: Call<List<Hit>, undefined, undefined, SearchQuery> };
  "/api/exports": { post: Call<{ job: Job }, Record<string, never>> };
  "/api/imports": { post: Call<{ job: Job }, { file: string; source?: ImportSource }> };
  "/api/jobs": { get: Call<List<Job>, undefined, undefined, { limit?: number }> };
  "/api/jobs/{id}": { get: Call<{ job: Job }, undefined, ById> };
  "/api/jobs/{id}/cancel": { post: Call<{ job: Job }, undefined, ById> };
}
