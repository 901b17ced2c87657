import { Button } from "@heroui/react";
import { useQueryClient } from "@tanstack/react-query";
import { Pencil } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types";
import { showBranch } from "@/features/chats/branching";
import { beginEditing } from "@/features/chats/editing";
import { CopyButton } from "@/ui/CopyButton";
import { SiblingArrows } from "./SiblingArrows";

/** What can be done with a question. */
export default function QuestionActions({ message }: { message: Message }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  return (
    <div className="-mb-5 pointer-coarse:mb-0 flex min-h-8 items-center gap-0.5 opacity-0 transition-opacity duration-100 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
      <SiblingArrows message={message} onShow={(id) => void showBranch(client, message.chatId, id)} />
      <Button isIconOnly variant="ghost" size="sm" aria-label={t("edit.question")} className="text-muted" onPress={() => beginEditing(message)}>
        <Pencil aria-hidden size={15} />
      </Button>
      <CopyButton text={() => message.content} label={t("copyQuestion")} className="text-muted" />
    </div>
  );
}
