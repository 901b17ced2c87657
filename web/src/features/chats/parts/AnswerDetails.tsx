import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types";
import { moneyLabel } from "@/features/models/format";
import { formatDateTime, formatNumber } from "@/i18n/format";
import { useModelName } from "./useModelName";

/** A duration in the unit that suits it: `420 ms`, `3.2 s`, `75 s`. */
export function durationLabel(ms: number): string {
  if (ms < 1_000) return `${formatNumber(Math.round(ms))} ms`;
  return `${formatNumber(ms / 1_000, { maximumFractionDigits: ms < 10_000 ? 1 : 0 })} s`;
}

/** Tokens a second while the answer was being written; null where it cannot be known. */
export function speed({ usage, ttftMs, latencyMs }: Pick<Message, "usage" | "ttftMs" | "latencyMs">): number | null {
  if (!usage || ttftMs === null || latencyMs === null) return null;
  const seconds = (latencyMs - ttftMs) / 1_000;
  return seconds > 0.05 && usage.completionTokens > 1 ? usage.completionTokens / seconds : null;
}

/** What an answer took: model, tokens, money, time. */
export function AnswerDetails({ message }: { message: Message }) {
  const { t } = useTranslation("chats");
  const { modelUsed, modelAsked, usage, costMicrousd, ttftMs, latencyMs, finishReason, annotations, createdAt } = message;
  const used = useModelName(modelUsed ?? modelAsked);
  const asked = useModelName(modelAsked);
  const rate = speed(message);
  const count = (tokens: number) => (usage?.estimated ? t("details.estimated", { value: formatNumber(tokens) }) : formatNumber(tokens));
  const facts: [string, string | null][] = [
    [t("details.model"), used],
    [t("details.asked"), modelUsed !== null && modelAsked !== modelUsed ? asked : null],
    [t("details.input"), usage && count(usage.promptTokens)],
    [t("details.output"), usage && count(usage.completionTokens)],
    [t("details.cost"), costMicrousd === null ? null : moneyLabel(costMicrousd)],
    [t("details.ttft"), ttftMs === null ? null : durationLabel(ttftMs)],
    [t("details.total"), latencyMs === null ? null : durationLabel(latencyMs)],
    [t("details.speed"), rate === null ? null : t("details.speedValue", { value: formatNumber(rate, { maximumFractionDigits: rate < 10 ? 1 : 0 }) })],
    [t("details.finish"), finishReason],
    [t("details.when"), formatDateTime(createdAt)],
  ];
  return (
    <>
      <h2 className="mb-3 text-base font-semibold">{t("details.title")}</h2>
      <dl className="grid grid-cols-[auto_1fr] gap-x-5 gap-y-1.5 text-sm">
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name} className="contents">
              <dt className="text-muted">{name}</dt>
              <dd className="min-w-0 text-end break-words">{value}</dd>
            </div>
          ),
        )}
      </dl>
      {annotations.length > 0 ? (
        <details className="mt-3 text-sm">
          <summary className="cursor-pointer text-muted">
            {t("details.annotations")} ({annotations.length})
          </summary>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre tabIndex={0} className="mt-2 max-h-48 overflow-auto rounded-md bg-default p-2 font-mono text-xs">
            {JSON.stringify(annotations, null, 2)}
          </pre>
        </details>
      ) : null}
    </>
  );
}
