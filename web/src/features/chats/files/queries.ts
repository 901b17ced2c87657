// Files as the server knows them: how far their reading has come, and what was read.
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { api, idempotent, take } from "@/api/client";
import { newId } from "@/api/ids";
import type { Attachment, FileView } from "@/api/types";
import { onEvent } from "@/realtime/realtime";

const askEveryMs = 2_000;

/** The file as it is now, beginning with what is known; asked for again while it is being read. */
export function fileQuery(known: Attachment) {
  return queryOptions({
    queryKey: ["file", known.id],
    initialData: known,
    staleTime: Infinity,
    queryFn: async ({ signal }): Promise<Attachment> => (await take(api.GET("/api/files/{id}", { params: { path: { id: known.id } }, signal }))).file,
    refetchInterval: ({ state }) => (state.data?.status === "pending" ? askEveryMs : false),
  });
}

/** The words that were read from a file. */
export function textQuery(id: string) {
  return queryOptions({
    queryKey: ["file", id, "text"],
    staleTime: Infinity,
    queryFn: async ({ signal }): Promise<string> => {
      const text = await take(api.GET("/api/files/{id}/text", { params: { path: { id } }, parseAs: "text", signal }));
      return String(text);
    },
  });
}

/** Has a page of the web read; the file is there at once, its words later. */
export async function readAddress(url: string): Promise<FileView> {
  return (await take(api.POST("/api/files/from-url", { body: { url }, headers: idempotent(newId()) }))).file;
}

/** Keeps what is shown of files up to date; returns how to stop. */
export function followFiles(client: QueryClient): () => void {
  return onEvent("file:updated", ({ file }) => client.setQueryData<FileView>(["file", file.id], file as FileView));
}
