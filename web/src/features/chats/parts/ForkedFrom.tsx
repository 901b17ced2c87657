import { Link } from "@tanstack/react-router";
import { GitFork } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Chat } from "@/api/types";

/** The way back from a fork to the message it was made at. */
export function ForkedFrom({ origin }: { origin: Chat["origin"] | undefined }) {
  const { t } = useTranslation("chats");
  const { kind, chatId, messageId }: Record<string, unknown> = origin ?? {};
  if (kind !== "fork" || typeof chatId !== "string" || typeof messageId !== "string") return null;
  return (
    <Link to="/chat/$chatId" params={{ chatId }} search={{ m: messageId }} className="flex items-center gap-1.5 rounded-md px-2 py-1 text-sm text-muted hover:text-foreground">
      <GitFork aria-hidden size={14} />
      {t("forkedFrom")}
    </Link>
  );
}
