import { MonitorSmartphone } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Other } from "./useRoom";

/** Where else the chat is open at this moment. */
export function AlsoOpen({ others }: { others: readonly Other[] }) {
  const { t } = useTranslation("chats");
  if (others.length === 0) return null;
  const places = [...new Set(others.map(({ device, name }) => device ?? name))].join(", ");
  return (
    <p role="status" className="flex min-w-0 shrink items-center gap-1.5 px-1.5 text-xs text-muted" title={t("presence.open", { places })}>
      <MonitorSmartphone aria-hidden size={15} className="shrink-0" />
      <span className="truncate max-md:sr-only">{t("presence.open", { places })}</span>
    </p>
  );
}

/** Who is typing elsewhere; its room is there whether somebody is or not. */
export function Typing({ others }: { others: readonly Other[] }) {
  const { t } = useTranslation("chats");
  const who = others.find(({ isTyping }) => isTyping);
  return (
    <p role="status" className="pointer-events-none absolute inset-x-0 -top-4 mx-auto w-full max-w-column truncate px-6 text-xs text-muted">
      {who ? t("presence.typing", { place: who.device ?? who.name }) : null}
    </p>
  );
}
