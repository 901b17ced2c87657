// What can be done with one chat, for its menu and for the palette.
import type { QueryClient } from "@tanstack/react-query";
import type { TFunction } from "i18next";
import { Archive, ArchiveRestore, FileBraces, FileText, FolderInput, Mail, MailOpen, Pencil, Pin, PinOff, Share2, Tags, Trash2 } from "lucide-react";
import type { ChatSummary } from "@/api/types";
import type { MenuAct } from "@/ui/IconMenu";
import { archiveChat, markChat, pinChat } from "./actions";
import { askFor } from "./asked";
import { exportChat } from "./exporting";

/** In the order they are shown. */
export function chatActs(client: QueryClient, chat: ChatSummary, t: TFunction<"chats">): MenuAct[] {
  const { id, pinned, archived, unread } = chat;
  return [
    { id: "rename", label: t("rename"), icon: Pencil, run: () => askFor({ what: "rename", chat }) },
    { id: "pin", label: t(pinned ? "unpin" : "pin"), icon: pinned ? PinOff : Pin, run: () => void pinChat(client, id, !pinned) },
    { id: "unread", label: t(unread ? "markRead" : "markUnread"), icon: unread ? MailOpen : Mail, run: () => void markChat(client, id, !unread) },
    { id: "move", label: t("move"), icon: FolderInput, run: () => askFor({ what: "move", chats: [chat] }) },
    { id: "tags", label: t("tagsMenu"), icon: Tags, run: () => askFor({ what: "tags", chat }) },
    { id: "share", label: t("share"), icon: Share2, run: () => askFor({ what: "share", chat }) },
    { id: "markdown", label: t("exportMarkdown"), icon: FileText, run: () => exportChat(id, "markdown") },
    { id: "json", label: t("exportJson"), icon: FileBraces, run: () => exportChat(id, "json") },
    { id: "archive", label: t(archived ? "unarchive" : "archive"), icon: archived ? ArchiveRestore : Archive, run: () => void archiveChat(client, chat, !archived) },
    { id: "delete", label: t("delete"), icon: Trash2, isDanger: true, run: () => askFor({ what: "delete", chats: [chat] }) },
  ];
}
