import { Button } from "@heroui/react";
import { GitBranch } from "lucide-react";
import { useTranslation } from "react-i18next";
import { askFor } from "@/features/chats/asked";
import type { Shown } from "@/features/chats/rows";

/** Whether there is more than what is shown. */
export function hasBranches({ messages }: Shown): boolean {
  return messages.some(({ siblingIds }) => siblingIds.length > 1);
}

/** Opens all branches of the chat. */
export function TreeButton({ chatId }: { chatId: string }) {
  const { t } = useTranslation("chats");
  return (
    <Button isIconOnly variant="ghost" aria-label={t("tree.open")} className="shrink-0 text-muted" onPress={() => askFor({ what: "tree", chatId })}>
      <GitBranch aria-hidden size={17} />
    </Button>
  );
}
