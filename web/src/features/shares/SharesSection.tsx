import { Skeleton } from "@heroui/react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { ErrorState } from "@/ui/ErrorState";
import { SettingsSection } from "@/ui/SettingsSection";
import { ShareList } from "./parts/ShareList";
import { sharesQuery } from "./queries";

/** Every link of one's own that can be opened. */
export function SharesSection() {
  const { t } = useTranslation("shares");
  const { data, isPending, error, refetch } = useQuery(sharesQuery);
  return (
    <SettingsSection title={t("links")} text={t("linksText")}>
      {isPending ? <Skeleton className="h-16 w-full rounded-lg" /> : null}
      {error ? <ErrorState title={t("links")} error={error} onRetry={() => void refetch()} /> : null}
      {data?.length === 0 ? <p className="text-sm text-muted">{t("noLinks")}</p> : null}
      {data && data.length > 0 ? <ShareList shares={data} titleOf={({ title }) => title} /> : null}
    </SettingsSection>
  );
}
