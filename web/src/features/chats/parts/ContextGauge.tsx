import { Button, Popover } from "@heroui/react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { contextQuery, fillOf, roughTokens } from "@/features/chats/context";
import { formatNumber } from "@/i18n/format";

const ContextPanel = lazy(() => import("./ContextPanel"));

interface ContextGaugeProps {
  chatId: string;
  leafId: string;
  /** The model picked for the next question; null leaves it to the chat. */
  model: string | null;
  /** While an answer is written nothing is measured. */
  isRunning: boolean;
  /** Characters of what is about to be asked. */
  draftLength: number;
}

/** From here on the gauge calls attention to itself; full is one. */
const warnFrom = 0.75;
const radius = 7.5;
const around = 2 * Math.PI * radius;

/** How full the model is that would answer next; it opens what fills it. */
export function ContextGauge({ chatId, leafId, model, isRunning, draftLength }: ContextGaugeProps) {
  const { t } = useTranslation("chats");
  const { data } = useQuery({ ...contextQuery(chatId, leafId, model), enabled: !isRunning });
  if (!data) return null;
  const fill = fillOf(data, roughTokens(draftLength));
  const percent = formatNumber(fill.level, { style: "percent", maximumFractionDigits: fill.level < 0.1 ? 1 : 0 });
  const tone = fill.level >= 1 ? "stroke-danger" : fill.level >= warnFrom ? "stroke-marigold" : "stroke-accent";
  return (
    <Popover>
      <Button isIconOnly variant="ghost" aria-label={t("gauge.label", { percent })} className="shrink-0">
        <svg aria-hidden viewBox="0 0 20 20" className="size-5 -rotate-90" fill="none" strokeWidth="2.5">
          <circle cx="10" cy="10" r={radius} className="stroke-border" />
          <circle cx="10" cy="10" r={radius} className={tone} strokeLinecap="round" strokeDasharray={`${Math.min(1, fill.level) * around} ${around}`} />
        </svg>
      </Button>
      <Popover.Content placement="top" className="w-[min(23rem,calc(100vw-1rem))]">
        <Popover.Dialog className="max-h-[min(34rem,75dvh)] overflow-y-auto p-4" aria-label={t("gauge.title")}>
          <Suspense fallback={<div className="h-64" />}>
            <ContextPanel chatId={chatId} context={data} fill={fill} percent={percent} />
          </Suspense>
        </Popover.Dialog>
      </Popover.Content>
    </Popover>
  );
}
