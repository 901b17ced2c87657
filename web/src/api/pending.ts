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

export type NotificationKind = "answerFinished" | "shareChanged" | "jobFinished" | "notice";

export interface Notification {
  id: string;
  kind: NotificationKind;
  title: string;
  detail: string | null;
  chatId: string | null;
  link: string | null;
  readAt: string | null;
  createdAt: string;
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
