// Shapes of the API that schema.d.ts does not describe yet; each goes when the server's own is there.

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
  /** The first of them. */
  leftOut: { title: string; reason: string }[];
  leftOutCount: number;
}

interface List<Item> {
  items: Item[];
  nextCursor: string | null;
}

type Call<Answer, Body = undefined, Path = undefined, Query = undefined> = {
  parameters: (Path extends undefined ? { path?: undefined } : { path: Path }) & { query?: Query; header?: { "Idempotency-Key"?: string } };
  responses: { 200: { headers: Record<string, never>; content: { "application/json": Answer } } };
} & (Body extends undefined ? { requestBody?: never } : { requestBody: { content: { "application/json": Body } } });

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
}
