import { Compass } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ButtonLink } from "@/ui/ButtonLink";
import { EmptyState } from "@/ui/EmptyState";
import { usePageTitle } from "@/ui/usePageTitle";

/** An address that leads nowhere. */
export function NotFound() {
  const { t } = useTranslation("shell");
  usePageTitle(t("notFound"));
  return (
    <EmptyState
      as="h1"
      icon={Compass}
      title={t("notFound")}
      text={t("notFoundText")}
      actions={<ButtonLink to="/">{t("backHome")}</ButtonLink>}
    />
  );
}
