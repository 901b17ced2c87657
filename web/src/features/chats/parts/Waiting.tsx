import { useTranslation } from "react-i18next";
import { LiveDot } from "./LiveDot";
import { useModelName } from "./useModelName";

/** The place of an answer that has not begun. */
export function Waiting({ model }: { model: string | null }) {
  const { t } = useTranslation("chats");
  const name = useModelName(model);
  return (
    <p className="flex min-h-9 items-center gap-2.5 text-sm text-muted">
      <LiveDot />
      {name === null ? t("answering") : t("waitingFor", { model: name })}
    </p>
  );
}
