import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import type { Job } from "@/api/types";
import { formatNumber } from "@/i18n/format";
import { cancelJob } from "../jobs";
import { Progress } from "./Progress";

/** A job that waits or runs. */
export function JobProgress({ job, label }: { job: Job; label: string }) {
  const { t } = useTranslation("transfers");
  const client = useQueryClient();
  const { done, total, note } = job.progress;
  const counted = total === null ? null : t("chatsOf", { done: formatNumber(done), count: total, total: formatNumber(total) });
  const facts = [job.status === "queued" ? t("waits") : counted, note].filter((fact) => fact !== null && fact !== "");
  return (
    <Progress label={label} share={total === null || total === 0 ? null : done / total} note={facts.join(" · ")} onCancel={() => void cancelJob(client, job.id)} />
  );
}
