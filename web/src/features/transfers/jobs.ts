// One's own jobs in the query cache: how far exports and imports have come. The socket brings news; where
// there is none the page asks.
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { api, idempotent, take } from "@/api/client";
import { newId } from "@/api/ids";
import type { ImportResult, ImportSource } from "@/api/pending";
import type { Job } from "@/api/types";
import { onConnected, onEvent } from "@/realtime/realtime";
import { notify } from "@/ui/notify";
import { problemText } from "@/ui/problemText";

export type TransferKind = "account_export" | "import";

/** Enough for the last export and the last import, whatever else has run meanwhile. */
const held = 50;

export const jobsQuery = queryOptions({
  queryKey: ["jobs"],
  queryFn: async ({ signal }): Promise<Job[]> => (await take(api.GET("/api/jobs", { params: { query: { limit: held } }, signal }))).items,
});

export function isLive({ status }: Job): boolean {
  return status === "queued" || status === "running";
}

/** The newest job of a kind. */
export function latestOf(jobs: readonly Job[], kind: TransferKind): Job | undefined {
  return jobs.filter((job) => job.kind === kind).toSorted((a, b) => b.createdAt.localeCompare(a.createdAt))[0];
}

/** The list with the job as it is now; news that come late change nothing. */
export function putJob(jobs: readonly Job[], job: Job): Job[] {
  const known = jobs.find(({ id }) => id === job.id);
  if (known && known.updatedAt > job.updatedAt) return [...jobs];
  return [job, ...jobs.filter(({ id }) => id !== job.id)];
}

function put(client: QueryClient, job: Job): void {
  client.setQueryData(jobsQuery.queryKey, (jobs) => putJob(jobs ?? [], job));
}

/** Follows the news of jobs until the returned function is called. */
export function followJobs(client: QueryClient): () => void {
  const stops = [
    onEvent("job:progress", ({ job }) => put(client, job)),
    onConnected(() => void client.invalidateQueries({ queryKey: jobsQuery.queryKey })),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}

export async function startExport(client: QueryClient): Promise<void> {
  const { job } = await take(api.POST("/api/exports", { body: {}, headers: idempotent(newId()) }));
  put(client, job);
}

/** `source` absent: the server finds out by itself. */
export async function startImport(client: QueryClient, file: string, source: ImportSource | undefined): Promise<void> {
  const body = source === undefined ? { file } : { file, source };
  const { job } = await take(api.POST("/api/imports", { body, headers: idempotent(newId()) }));
  put(client, job);
}

export async function cancelJob(client: QueryClient, id: string): Promise<void> {
  try {
    const { job } = await take(api.POST("/api/jobs/{id}/cancel", { params: { path: { id } } }));
    put(client, job);
  } catch (error) {
    notify.failed(problemText(error));
    await client.invalidateQueries({ queryKey: jobsQuery.queryKey });
  }
}

/** The archive of a finished export. */
export function archiveOf({ status, result }: Job): string | null {
  if (status !== "done" || typeof result !== "object" || result === null) return null;
  return "file" in result && typeof result.file === "string" ? result.file : null;
}

/** What came of a finished import. */
export function importedBy({ status, result }: Job): ImportResult | null {
  if (status !== "done" || typeof result !== "object" || result === null || !("chats" in result)) return null;
  return result as ImportResult;
}
