import { Button } from "@heroui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Archive, Download } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Job } from "@/api/types";
import { formatAgo } from "@/i18n/format";
import { download } from "@/ui/download";
import { FormAlert } from "@/ui/FormAlert";
import { problemText } from "@/ui/problemText";
import { archiveOf, isLive, startExport } from "../jobs";
import { JobProgress } from "./JobProgress";
import { PartHead } from "./PartHead";

/** Everything one owns, in one archive. */
export function ExportPart({ job }: { job: Job | undefined }) {
  const { t } = useTranslation("transfers");
  const client = useQueryClient();
  const start = useMutation({ mutationFn: () => startExport(client) });
  const isRunning = job !== undefined && isLive(job);
  const archive = job && archiveOf(job);
  const jobFailure = job?.status === "failed" ? (job.error?.detail ?? t("exportFailed")) : null;
  return (
    <div className="flex flex-col items-start gap-3">
      <PartHead title={t("export")} text={t("exportText")} />
      <FormAlert text={start.error ? problemText(start.error) : jobFailure} />
      {isRunning ? <JobProgress job={job} label={t("exporting")} /> : null}
      {archive ? <Ready file={archive} at={job.updatedAt} /> : null}
      {isRunning ? null : (
        <Button variant={archive ? "ghost" : "outline"} className={archive ? "-ms-4" : ""} isPending={start.isPending} onPress={() => start.mutate()}>
          {t(archive ? "exportAgain" : "exportStart")}
        </Button>
      )}
    </div>
  );
}

function Ready({ file, at }: { file: string; at: string }) {
  const { t } = useTranslation("transfers");
  return (
    <div role="status" className="flex w-full items-center gap-3 rounded-lg border border-border bg-surface py-2 ps-4 pe-2">
      <Archive aria-hidden size={18} className="shrink-0 text-accent" />
      <p className="min-w-0 flex-1 text-sm">
        <span className="block font-medium">{t("archive")}</span>
        <span className="block text-xs text-muted">{t("archiveMade", { time: formatAgo(at) })}</span>
      </p>
      <Button size="sm" variant="outline" onPress={() => void download(`/api/files/${file}/content`)}>
        <Download aria-hidden size={15} />
        {t("download")}
      </Button>
    </div>
  );
}
