import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types";
import { durationLabel, paramFacts, speed } from "@/features/chats/facts";
import { moneyLabel } from "@/features/models/format";
import { formatDateTime, formatNumber } from "@/i18n/format";
import { useModelName } from "./useModelName";

/** What an answer took: model, tokens, money, time. */
export default function AnswerDetails({ message }: { message: Message }) {
  const { t } = useTranslation("chats");
  const { modelUsed, modelAsked, usage, context, costMicrousd, ttftMs, latencyMs, finishReason, annotations, createdAt } = message;
  const used = useModelName(modelUsed ?? modelAsked);
  const asked = useModelName(modelAsked);
  const rate = speed(message);
  const count = (tokens: number) => (usage?.estimated ? t("details.estimated", { value: formatNumber(tokens) }) : formatNumber(tokens));
  const facts: [string, string | null][] = [
    [t("details.model"), used],
    [t("details.asked"), modelUsed !== null && modelAsked !== modelUsed ? asked : null],
    [t("details.told"), context && t("details.estimated", { value: formatNumber(context.tokens) })],
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
      <Facts facts={facts} />
      <ParamsUsed message={message} />
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

function Facts({ facts }: { facts: readonly [string, string | null][] }) {
  return (
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
  );
}

/** The settings that this answer was made with, whatever the chat's are now. */
function ParamsUsed({ message }: { message: Message }) {
  const { t } = useTranslation("chats");
  const facts = paramFacts(message.params);
  const prompt = facts.find(([name]) => name === "systemPrompt")?.[1];
  const others = facts.filter(([name]) => name !== "systemPrompt").map(([name, value]): [string, string] => [t(`params.${name}`), value]);
  if (facts.length === 0) return null;
  return (
    <section className="mt-4 border-t border-border pt-3">
      <h3 className="mb-2 font-sans text-sm font-semibold tracking-normal">{t("details.params")}</h3>
      <Facts facts={others} />
      {prompt ? (
        <>
          <p className="mt-1.5 text-sm text-muted">{t("params.systemPrompt")}</p>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <p tabIndex={0} role="region" aria-label={t("params.systemPrompt")} className="mt-1 max-h-32 overflow-y-auto rounded-md bg-default px-2.5 py-1.5 text-sm break-words whitespace-pre-wrap">
            {prompt}
          </p>
        </>
      ) : null}
    </section>
  );
}
