import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { Copy, GitBranch, Pencil, RefreshCw, Square } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types";
import { retryAnswer } from "@/features/chats/actions";
import { askFor } from "@/features/chats/asked";
import { beginEditing } from "@/features/chats/editing";
import { threadOf } from "@/features/chats/queries";
import { type Command, useCommands } from "@/ui/commands";
import { notify } from "@/ui/notify";

function last(client: QueryClient, chatId: string, fits: (message: Message) => boolean): Message | undefined {
  return threadOf(client, chatId)?.messages.findLast(fits);
}

/** What the palette and the keys offer while a chat is open. */
export function useChatCommands(chatId: string, stop: (() => void) | undefined): void {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const commands = useMemo(() => {
    const copy = async () => {
      const answer = last(client, chatId, ({ role, content }) => role === "assistant" && content !== "");
      if (!answer) return;
      try {
        await navigator.clipboard.writeText(answer.content);
        notify.done(t("copied", { ns: "common" }));
      } catch {
        notify.failed(t("copyFailed", { ns: "ui" }));
      }
    };
    const edit = () => {
      const question = last(client, chatId, ({ role }) => role === "user");
      if (question) beginEditing(question);
    };
    const retry = () => {
      const answer = last(client, chatId, ({ role, status }) => role === "assistant" && status !== "streaming");
      if (answer) void retryAnswer(client, answer);
    };
    const offered: Command[] = [
      { id: "chat.copyAnswer", title: t("copyAnswer"), group: "chat", icon: Copy, keys: "mod+shift+x", words: "clipboard jawab", run: () => void copy() },
      { id: "chat.editLast", title: t("edit.last"), group: "chat", icon: Pencil, keys: "e", words: "change question badlo", run: edit },
      { id: "chat.retryLast", title: t("retryMenu"), group: "chat", icon: RefreshCw, keys: "r", words: "regenerate again dobara", run: retry },
      { id: "chat.tree", title: t("tree.open"), group: "chat", icon: GitBranch, keys: "t", words: "branches history", run: () => askFor({ what: "tree", chatId }) },
    ];
    if (stop) offered.push({ id: "chat.stop", title: t("stop"), group: "chat", icon: Square, words: "cancel esc roko", run: stop });
    return offered;
  }, [client, chatId, stop, t]);
  useCommands(commands);
}
