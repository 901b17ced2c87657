import { useQueryClient } from "@tanstack/react-query";
import { Copy, Square } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { threadOf } from "@/features/chats/queries";
import { type Command, useCommands } from "@/ui/commands";
import { notify } from "@/ui/notify";

/** What the palette offers while a chat is open. */
export function useChatCommands(chatId: string, stop: (() => void) | undefined): void {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const commands = useMemo(() => {
    const copy = async () => {
      const answer = threadOf(client, chatId)?.messages.findLast(({ role, content }) => role === "assistant" && content !== "");
      if (!answer) return;
      try {
        await navigator.clipboard.writeText(answer.content);
        notify.done(t("copied", { ns: "common" }));
      } catch {
        notify.failed(t("copyFailed", { ns: "ui" }));
      }
    };
    const offered: Command[] = [
      { id: "chat.copyAnswer", title: t("copyAnswer"), group: "chat", icon: Copy, keys: "mod+shift+x", words: "clipboard jawab", run: () => void copy() },
    ];
    if (stop) offered.push({ id: "chat.stop", title: t("stop"), group: "chat", icon: Square, words: "cancel esc roko", run: stop });
    return offered;
  }, [client, chatId, stop, t]);
  useCommands(commands);
}
