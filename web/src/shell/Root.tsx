import { I18nProvider, Toast } from "@heroui/react";
import { Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

/** What surrounds every page: the language of the widgets, and the notices. */
export function Root() {
  const { t, i18n } = useTranslation("shell");
  return (
    <I18nProvider locale={i18n.language === "hi-Latn" ? "en-IN" : "en"}>
      <Outlet />
      <Toast.Provider placement="top" aria-label={t("toasts")} width={400} />
    </I18nProvider>
  );
}
