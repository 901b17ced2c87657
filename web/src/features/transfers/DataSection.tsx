import { Skeleton } from "@heroui/react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { useConnected } from "@/realtime/realtime";
import { ErrorState } from "@/ui/ErrorState";
import { SettingsSection } from "@/ui/SettingsSection";
import { followJobs, isLive, jobsQuery, latestOf } from "./jobs";
import { ExportPart } from "./parts/ExportPart";
import { ImportPart } from "./parts/ImportPart";

/** How often a running job is asked for where no socket brings news. */
const askMs = 2_000;

/** Out and in: everything one owns as an archive, and chats from elsewhere. */
export function DataSection() {
  const { t } = useTranslation("transfers");
  const client = useQueryClient();
  const isConnected = useConnected();
  const { data: jobs, isPending, error, refetch } = useQuery({
    ...jobsQuery,
    refetchInterval: ({ state }) => (!isConnected && state.data?.some(isLive) ? askMs : false),
  });
  useEffect(() => followJobs(client), [client]);
  const isImported = jobs !== undefined && latestOf(jobs, "import")?.status === "done";
  useEffect(() => {
    if (isImported) void client.invalidateQueries({ queryKey: ["chats"] });
  }, [client, isImported]);
  return (
    <SettingsSection title={t("title")} text={t("text")}>
      {isPending ? <Skeleton className="h-40 w-full rounded-lg" /> : null}
      {error && !jobs ? <ErrorState title={t("title")} error={error} onRetry={() => void refetch()} /> : null}
      {jobs ? (
        <div className="flex flex-col gap-9">
          <ExportPart job={latestOf(jobs, "account_export")} />
          <ImportPart job={latestOf(jobs, "import")} />
        </div>
      ) : null}
    </SettingsSection>
  );
}
