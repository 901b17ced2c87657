import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Ellipsis, GitBranch, GitFork, Pencil } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types";
import { askFor } from "@/features/chats/asked";
import { forkChat } from "@/features/chats/branching";
import { beginEditing } from "@/features/chats/editing";
import { IconMenu, type MenuAct } from "@/ui/IconMenu";

/** What else can be done with an answer. */
export function MessageMenu({ message }: { message: Message }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const router = useRouter();
  const { id, chatId, content } = message;
  const fork = async () => {
    const chat = await forkChat(client, chatId, id);
    if (chat) await router.navigate({ to: "/chat/$chatId", params: { chatId: chat.id } });
  };
  const acts: MenuAct[] = [
    { id: "fork", label: t("fork"), icon: GitFork, run: () => void fork() },
    { id: "tree", label: t("tree.open"), icon: GitBranch, run: () => askFor({ what: "tree", chatId, messageId: id }) },
  ];
  if (content !== "") acts.unshift({ id: "edit", label: t("edit.answer"), icon: Pencil, run: () => beginEditing(message) });
  return <IconMenu label={t("messageMenu")} icon={Ellipsis} acts={acts} placement="bottom start" />;
}
