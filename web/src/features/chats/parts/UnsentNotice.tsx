import { Link } from "@tanstack/react-router";
import { CircleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useOutbox } from "@/features/chats/outbox";
import { firstWords } from "@/features/chats/send";

/** Questions that would have begun a chat and did not arrive: the chat list cannot show them. */
export function UnsentNotice({ userId }: { userId: string }) {
  const { t } = useTranslation("chats");
  const items = useOutbox((outbox) => outbox.items);
  const unsent = items.filter((item) => item.isNew && item.state === "failed" && item.userId === userId);
  if (unsent.length === 0) return null;
  return (
    <ul className="mx-auto mb-3 flex w-full max-w-column flex-col gap-2">
      {unsent.map(({ id, chatId, content }) => (
        <li key={id}>
          <Link
            to="/chat/$chatId"
            params={{ chatId }}
            className="flex items-center gap-2.5 rounded-lg border border-border bg-surface px-3.5 py-2.5 text-sm hover:bg-surface-secondary"
          >
            <CircleAlert aria-hidden size={16} className="shrink-0 text-danger" />
            <span className="font-medium">{t("notSent")}:</span>
            <span className="truncate text-muted">{firstWords(content)}</span>
          </Link>
        </li>
      ))}
    </ul>
  );
}
