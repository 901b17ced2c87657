// Which dialog about chats or folders is open. Menus, shortcuts and the palette ask; one host shows.
import { create } from "zustand";
import type { Attachment, ChatSummary, Folder } from "@/api/types";

export type Asked =
  | { what: "rename"; chat: ChatSummary }
  | { what: "tags"; chat: ChatSummary }
  | { what: "share"; chat: ChatSummary }
  | { what: "file"; file: Attachment }
  /** Every branch of a chat, at the message from which it was asked for. */
  | { what: "tree"; chatId: string; messageId?: string }
  | { what: "delete"; chats: ChatSummary[] }
  | { what: "move"; chats: ChatSummary[] }
  | { what: "tagMany"; chats: ChatSummary[] }
  | { what: "newFolder"; parentId: string | null; chatIds?: string[] }
  | { what: "renameFolder" | "moveFolder" | "deleteFolder"; folder: Folder };

export const useAsked = create<{ asked: Asked | null }>(() => ({ asked: null }));

export function askFor(asked: Asked): void {
  useAsked.setState({ asked });
}

export function closeAsked(): void {
  useAsked.setState({ asked: null });
}
