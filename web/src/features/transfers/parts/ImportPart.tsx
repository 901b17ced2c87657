import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ImportSource } from "@/api/pending";
import type { Job } from "@/api/types";
import { FormAlert } from "@/ui/FormAlert";
import { importedBy, isLive } from "../jobs";
import { useImport } from "../useImport";
import { FileChoice } from "./FileChoice";
import { ImportOutcome } from "./ImportOutcome";
import { JobProgress } from "./JobProgress";
import { PartHead } from "./PartHead";
import { Progress } from "./Progress";
import { SourceChoice } from "./SourceChoice";

/** Chats from elsewhere: a file is chosen, sent, and read in the background. */
export function ImportPart({ job }: { job: Job | undefined }) {
  const { t } = useTranslation("transfers");
  const [source, setSource] = useState<ImportSource | undefined>(undefined);
  const { start, cancel, share, name, failure } = useImport();
  const isRunning = job !== undefined && isLive(job);
  const isBusy = isRunning || name !== null;
  const outcome = job && !isBusy ? importedBy(job) : null;
  const jobFailure = !isBusy && job?.status === "failed" ? (job.error?.detail ?? t("importFailed")) : null;
  return (
    <div className="flex flex-col gap-3">
      <PartHead title={t("import")} text={t("importText")} />
      <FormAlert text={failure ?? jobFailure} />
      {name === null ? null : <Progress label={t("uploading", { name })} share={share} onCancel={cancel} />}
      {isRunning ? <JobProgress job={job} label={t("importing")} /> : null}
      {outcome ? <ImportOutcome result={outcome} /> : null}
      {isBusy ? null : (
        <>
          <SourceChoice value={source} onChange={setSource} />
          <FileChoice onChoose={(file) => start(file, source)} />
        </>
      )}
    </div>
  );
}
