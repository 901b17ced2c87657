// One chat as a file: for people to read, or for programs with every branch.
import { useParams } from "@tanstack/react-router";
import { FileBraces, FileText } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Command, useCommands } from "@/ui/commands";
import { download } from "@/ui/download";

export type ExportFormat = "markdown" | "json";

export function exportChat(id: string, format: ExportFormat): void {
  void download(`/api/chats/${encodeURIComponent(id)}/export?format=${format}`);
}

/** What the palette offers for the chat that is open, if one is. */
export function useExportCommands(): void {
  const { t } = useTranslation("chats");
  const { chatId } = useParams({ strict: false });
  useCommands(
    useMemo((): Command[] => {
      if (chatId === undefined) return [];
      return [
        { id: "chat.exportMarkdown", title: t("exportMarkdown"), group: "chat", icon: FileText, words: "save download md file", run: () => exportChat(chatId, "markdown") },
        { id: "chat.exportJson", title: t("exportJson"), group: "chat", icon: FileBraces, words: "save download file", run: () => exportChat(chatId, "json") },
      ];
    }, [t, chatId]),
  );
}
