import { Button } from "@heroui/react";
import { useQueryClient } from "@tanstack/react-query";
import { Check, Square, Trophy } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { Comparison, Message } from "@/api/types";
import { stopAnswer } from "@/features/chats/actions";
import { showBranch } from "@/features/chats/branching";
import { durationLabel, speed } from "@/features/chats/facts";
import { openColumns } from "@/features/chats/rows";
import { useStreamed } from "@/features/chats/streams/useStream";
import { moneyLabel } from "@/features/models/format";
import { formatNumber } from "@/i18n/format";
import { CopyButton } from "@/ui/CopyButton";
import { AnswerEnding } from "./AnswerEnding";
import { AnswerBody, Live } from "./AssistantMessage";
import { DetailsButton } from "./DetailsButton";
import { Thumbs } from "./Thumbs";
import { useColumnName } from "./useAnswerName";

interface ColumnProps {
  message: Message;
  index: number;
  comparison: Comparison;
  isActive: boolean;
  isLast: boolean;
}

/** One of several answers, with what it took. */
export const Column = memo(function Column({ message: row, index, comparison, isActive, isLast }: ColumnProps) {
  const { t } = useTranslation("chats");
  const { message, link, reasonedMs } = useStreamed(row);
  const name = useColumnName(message, index);
  const isStreaming = message.status === "streaming";
  const isHidden = comparison.isBlind && !comparison.isRevealed;
  const isWinner = comparison.winner === (index === 0 ? "left" : "right");
  return (
    <article
      aria-label={t("answerIn", { model: name })}
      aria-busy={isStreaming}
      className={`flex w-full min-w-full flex-col rounded-xl border bg-surface md:w-auto md:min-w-72 md:flex-1 md:basis-0 ${isActive && !isHidden ? "border-accent" : "border-border"} snap-start`}
    >
      <header className="flex min-h-12 items-center gap-2 border-b border-border ps-4 pe-2">
        <h2 className="min-w-0 flex-1 truncate font-sans text-sm font-semibold tracking-normal">{name}</h2>
        {isWinner ? (
          <span className="flex shrink-0 items-center gap-1.5 rounded-full bg-marigold px-2.5 py-0.5 text-xs font-semibold text-marigold-foreground">
            <Trophy aria-hidden size={12} />
            {t("compare.winner")}
          </span>
        ) : null}
        {isStreaming ? <StopOne message={message} /> : null}
      </header>
      <div className="min-w-0 flex-1 px-4 py-3">
        <AnswerBody message={message} reasonedMs={reasonedMs} />
        {isStreaming ? <Live message={message} link={link} /> : <AnswerEnding message={message} isBare />}
      </div>
      {isStreaming ? null : <Footer message={message} comparison={comparison} isHidden={isHidden} isActive={isActive} isLast={isLast} />}
    </article>
  );
});

function StopOne({ message }: { message: Message }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  return (
    <Button isIconOnly size="sm" variant="ghost" aria-label={t("compare.stopOne")} className="text-muted" onPress={() => void stopAnswer(client, message)}>
      <Square aria-hidden size={12} fill="currentColor" />
    </Button>
  );
}

interface FooterProps {
  message: Message;
  comparison: Comparison;
  isHidden: boolean;
  isActive: boolean;
  isLast: boolean;
}

function Footer({ message, comparison, isHidden, isActive, isLast }: FooterProps) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const use = async () => {
    const model = message.modelUsed ?? message.modelAsked ?? undefined;
    if (await showBranch(client, message.chatId, message.id, model)) openColumns(comparison.id, false);
  };
  return (
    <footer className="border-t border-border px-4 pt-2.5 pb-2">
      <Took message={message} isHidden={isHidden} />
      <div className="-mx-2 mt-1 flex min-h-9 flex-wrap items-center gap-0.5">
        {message.content === "" ? null : <CopyButton text={() => message.content} label={t("copyAnswer")} className="text-muted" />}
        <Thumbs message={message} />
        {isHidden ? null : <DetailsButton message={message} />}
        {isHidden ? null : isActive && isLast ? (
          <span className="ms-auto flex min-h-8 items-center gap-1.5 pe-2 text-sm text-accent">
            <Check aria-hidden size={15} />
            {t("compare.inUse")}
          </span>
        ) : (
          <Button size="sm" variant="outline" className="ms-auto" onPress={() => void use()}>
            {t("compare.use")}
          </Button>
        )}
      </div>
    </footer>
  );
}

/** Time to the first words, tokens, speed and cost in one line. */
function Took({ message, isHidden }: { message: Message; isHidden: boolean }) {
  const { t } = useTranslation("chats");
  if (isHidden) return <p className="text-xs text-muted">{t("compare.hidden")}</p>;
  const { ttftMs, usage, costMicrousd } = message;
  const rate = speed(message);
  const facts = [
    ttftMs === null ? null : t("compare.ttft", { value: durationLabel(ttftMs) }),
    usage === null ? null : t("compare.tokens", { value: formatNumber(usage.completionTokens) }),
    rate === null ? null : t("details.speedValue", { value: formatNumber(rate, { maximumFractionDigits: 0 }) }),
    costMicrousd === null ? null : moneyLabel(costMicrousd),
  ].filter((fact) => fact !== null);
  return (
    <ul className="flex flex-wrap gap-x-3 gap-y-0.5 text-xs text-muted">
      {facts.map((fact) => (
        <li key={fact}>{fact}</li>
      ))}
    </ul>
  );
}
