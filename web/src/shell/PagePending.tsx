import { Spinner } from "@heroui/react";
import { useTranslation } from "react-i18next";

/** A page whose code or data is on its way. */
export function PagePending() {
  const { t } = useTranslation();
  return (
    <div role="status" className="grid min-h-60 flex-1 place-items-center">
      <Spinner aria-label={t("loading")} />
    </div>
  );
}
