// The rows of the list: folders with what is in them, then the rest by the day it was last used; pure.
import type { ChatSummary, Folder } from "@/api/types";
import { type FolderNode, treeOf } from "@/features/chats/folders";
import { type ChatListPage, allChats, grouped, type Heading, headingKey } from "@/features/chats/list";

export type Row =
  | { kind: "folder"; key: string; node: FolderNode; isOpen: boolean }
  | { kind: "chat"; key: string; chat: ChatSummary; depth: number }
  | { kind: "note"; key: string; note: "loading" | "emptyFolder"; depth: number }
  | { kind: "heading"; key: string; heading: Heading }
  | { kind: "more"; key: string; folderId: string | null; depth: number };

/** The pages of an open folder; undefined while they are on their way. */
export type Inside = ReadonlyMap<string, readonly ChatListPage[] | undefined>;

function hasMore(pages: readonly ChatListPage[]): boolean {
  return pages.at(-1)?.nextCursor != null;
}

function insideRows(id: string, pages: readonly ChatListPage[] | undefined, { depth, hasFolders }: FolderNode): Row[] {
  const within = depth + 1;
  if (!pages) return [{ kind: "note", key: `loading ${id}`, note: "loading", depth: within }];
  const chats = allChats(pages);
  if (chats.length === 0 && !hasFolders) return [{ kind: "note", key: `empty ${id}`, note: "emptyFolder", depth: within }];
  const rows: Row[] = chats.map((chat) => ({ kind: "chat", key: chat.id, chat, depth: within }));
  return hasMore(pages) ? [...rows, { kind: "more", key: `more ${id}`, folderId: id, depth: within }] : rows;
}

/** Each folder, and below an open one its folders first, then its chats. */
export function folderRows(folders: readonly Folder[], inside: Inside): Row[] {
  const rows: Row[] = [];
  const waiting: FolderNode[] = [];
  // What an open folder holds itself comes after the folders in it, so it waits for the next of its level.
  const settle = (depth: number) => {
    for (let last = waiting.at(-1); last && last.depth >= depth; last = waiting.at(-1)) {
      waiting.pop();
      rows.push(...insideRows(last.folder.id, inside.get(last.folder.id), last));
    }
  };
  for (const node of treeOf(folders, (id) => inside.has(id))) {
    settle(node.depth);
    const isOpen = inside.has(node.folder.id);
    rows.push({ kind: "folder", key: node.folder.id, node, isOpen });
    if (isOpen) waiting.push(node);
  }
  settle(0);
  return rows;
}

/** Chats under their headings. */
export function dayRows(pages: readonly ChatListPage[], now?: Date): Row[] {
  const rows: Row[] = grouped(allChats(pages), now ?? new Date()).flatMap(({ heading, chats }): Row[] => [
    { kind: "heading", key: headingKey(heading), heading },
    ...chats.map((chat): Row => ({ kind: "chat", key: chat.id, chat, depth: 0 })),
  ]);
  if (hasMore(pages)) rows.push({ kind: "more", key: "more", folderId: null, depth: 0 });
  return rows;
}
