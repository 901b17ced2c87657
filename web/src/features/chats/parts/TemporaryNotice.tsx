import { Ghost } from "lucide-react";
import { useTranslation } from "react-i18next";

/** Says what is special about a chat that is written down nowhere. */
export function TemporaryNotice() {
  const { t } = useTranslation("chats");
  return (
    <p className="mx-auto flex w-full max-w-column items-start gap-2 pb-2 text-sm text-muted">
      <Ghost aria-hidden size={16} className="mt-0.5 shrink-0 text-accent" />
      <span>
        <strong className="font-medium text-foreground">{t("temporary")}.</strong> {t("temporaryText")}
      </span>
    </p>
  );
}
