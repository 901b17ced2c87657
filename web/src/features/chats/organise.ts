// Folders, tags and what is done to many chats at once: asked and changed, shown before the answer.
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import i18next from "i18next";
import { api, idempotent, take } from "@/api/client";
import { newId } from "@/api/ids";
import type { Bulk, ChatSummary, Folder } from "@/api/types";
import { notify } from "@/ui/notify";
import { problemText } from "@/ui/problemText";
import { dropFromLists, entryOf, patchEverywhere, refetchLists } from "./queries";

/** The most chats that one call changes. */
const mostAtOnce = 100;

export const foldersQuery = queryOptions({
  queryKey: ["folders"],
  queryFn: async ({ signal }): Promise<Folder[]> => (await take(api.GET("/api/folders", { signal }))).items,
});

/** Every tag in use, with the number of its chats. */
export const tagsQuery = queryOptions({
  queryKey: ["tags"],
  queryFn: async ({ signal }) => (await take(api.GET("/api/tags", { signal }))).items,
});

function failed(error: unknown): void {
  notify.failed(i18next.t("actionFailed", { ns: "chats" }), problemText(error));
}

export function refetchFolders(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: foldersQuery.queryKey });
}

/** Does one thing to folders: shown at once as `change` says, asked again when it failed. */
async function act(client: QueryClient, change: (folders: Folder[]) => Folder[], call: () => Promise<unknown>): Promise<boolean> {
  await client.cancelQueries({ queryKey: foldersQuery.queryKey });
  client.setQueryData(foldersQuery.queryKey, (folders) => folders && change(folders));
  try {
    await call();
    return true;
  } catch (error) {
    failed(error);
    return false;
  } finally {
    void refetchFolders(client);
  }
}

/** Makes a folder; its id when it worked. */
export async function createFolder(client: QueryClient, name: string, parentId: string | null): Promise<string | null> {
  const folder: Folder = { id: newId(), name, parentId, chatCount: 0, createdAt: new Date().toISOString() };
  const body = { id: folder.id, name, parentId: parentId ?? undefined };
  const isDone = await act(
    client,
    (folders) => [...folders, folder],
    () => api.POST("/api/folders", { body, headers: idempotent(folder.id) }),
  );
  return isDone ? folder.id : null;
}

export function changeFolder(client: QueryClient, id: string, body: { name?: string; parentId?: string | null }): Promise<boolean> {
  return act(
    client,
    (folders) => folders.map((folder) => (folder.id === id ? { ...folder, ...body } : folder)),
    () => api.PATCH("/api/folders/{id}", { params: { path: { id } }, body }),
  );
}

/** Takes the folder away; what was in it moves up. */
export async function deleteFolder(client: QueryClient, { id, parentId }: Folder): Promise<boolean> {
  const isDone = await act(
    client,
    (folders) => folders.filter((folder) => folder.id !== id).map((folder) => (folder.parentId === id ? { ...folder, parentId } : folder)),
    () => api.DELETE("/api/folders/{id}", { params: { path: { id } } }),
  );
  if (isDone) await refetchLists(client);
  return isDone;
}

/** What an act makes of an entry; null: nothing that the list shows. */
function effect({ action, folderId = null, tag }: Bulk, { tags }: ChatSummary): Partial<ChatSummary> | null {
  if (action === "archive" || action === "unarchive") return { archived: action === "archive" };
  if (action === "pin" || action === "unpin") return { pinned: action === "pin" };
  if (action === "read" || action === "unread") return { unread: action === "unread" };
  if (action === "move") return { folderId };
  if (action === "tag") return { tags: [...new Set([...tags, tag ?? ""])] };
  return action === "untag" ? { tags: tags.filter((held) => held !== tag) } : null;
}

/** Does one thing to many chats; how many were changed, or null when it failed. */
export async function changeMany(client: QueryClient, bulk: Bulk): Promise<number | null> {
  for (const id of bulk.ids) {
    const entry = entryOf(client, id);
    const change = entry && effect(bulk, entry);
    if (change) patchEverywhere(client, id, change);
    else if (bulk.action === "delete") dropFromLists(client, id);
  }
  try {
    let changed = 0;
    for (let from = 0; from < bulk.ids.length; from += mostAtOnce) {
      const body = { ...bulk, ids: bulk.ids.slice(from, from + mostAtOnce) };
      changed += (await take(api.POST("/api/chats/bulk", { body, headers: idempotent(newId()) }))).changed.length;
    }
    return changed;
  } catch (error) {
    failed(error);
    return null;
  } finally {
    void refetchLists(client);
    void refetchFolders(client);
    void client.invalidateQueries({ queryKey: tagsQuery.queryKey });
  }
}

export function moveChats(client: QueryClient, ids: string[], folderId: string | null): Promise<number | null> {
  return changeMany(client, { ids, action: "move", folderId });
}
