import { Button, Spinner } from "@heroui/react";
import { useQueryClient } from "@tanstack/react-query";
import { FoldVertical } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ContextFill } from "@/api/types";
import { compact, type Fill, type FillKind } from "@/features/chats/context";
import { formatNumber } from "@/i18n/format";
import { useModelName } from "./useModelName";

interface ContextPanelProps {
  chatId: string;
  context: ContextFill;
  fill: Fill;
  percent: string;
}

/** Tones of one family, told apart by their order and words too. */
const tones: Record<FillKind, string> = {
  systemPrompt: "bg-[oklch(0.62_0.1_290)]",
  summary: "bg-marigold",
  messages: "bg-accent",
  attachments: "bg-[oklch(0.62_0.12_155)]",
  question: "bg-[oklch(0.62_0.13_25)]",
  reserve: "bg-[repeating-linear-gradient(135deg,var(--field-border)_0_2px,transparent_2px_5px)]",
};

/** What a model is told with the next question, part by part, and the way to make room. */
export default function ContextPanel({ chatId, context, fill, percent }: ContextPanelProps) {
  const { t } = useTranslation("chats");
  const name = useModelName(context.model) ?? context.model;
  const count = (kind: FillKind) => context.parts.find((part) => part.kind === kind)?.count ?? 0;
  const label = (kind: FillKind) => (kind === "messages" ? t("gauge.messages", { count: count(kind) }) : t(`gauge.${kind}`));
  const free = Math.max(0, fill.whole - fill.parts.reduce((sum, { tokens }) => sum + tokens, 0));
  return (
    <>
      <h2 className="text-base font-semibold">{t("gauge.title")}</h2>
      <p className="mt-0.5 text-sm text-muted">{t("gauge.of", { percent, model: name })}</p>
      <div aria-hidden className="mt-3 flex h-3 gap-px overflow-hidden rounded-full bg-default">
        {fill.parts.map(({ kind, share }) => (
          <span key={kind} className={`h-full min-w-[2px] ${tones[kind]} ${kind === "reserve" ? "ms-auto" : ""}`} style={{ width: `${share * 100}%` }} />
        ))}
      </div>
      <dl className="mt-3 grid grid-cols-[auto_1fr_auto] items-center gap-x-2.5 gap-y-1.5 text-sm">
        {fill.parts.map(({ kind, tokens }) => (
          <div key={kind} className="contents">
            <span aria-hidden className={`size-2.5 rounded-[3px] ${tones[kind]}`} />
            <dt>{label(kind)}</dt>
            <dd className="text-end text-muted">{formatNumber(tokens)}</dd>
          </div>
        ))}
        <div className="contents">
          <span aria-hidden className="size-2.5 rounded-[3px] border border-border bg-default" />
          <dt>{t("gauge.free")}</dt>
          <dd className="text-end text-muted">{formatNumber(free)}</dd>
        </div>
      </dl>
      <dl className="mt-2 flex justify-between border-t border-border pt-2 text-sm font-medium">
        <dt>{t("gauge.whole")}</dt>
        <dd>{formatNumber(fill.whole)}</dd>
      </dl>
      <p className="mt-3 text-xs text-pretty text-muted">{context.isFull ? t("gauge.full") : t("gauge.estimate")}</p>
      <Compact chatId={chatId} />
    </>
  );
}

function Compact({ chatId }: { chatId: string }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const [isPending, setPending] = useState(false);
  const run = async () => {
    if (isPending) return;
    setPending(true);
    await compact(client, chatId);
    setPending(false);
  };
  return (
    <div className="mt-3 flex items-center gap-3 border-t border-border pt-3">
      <p className="min-w-0 flex-1 text-xs text-pretty text-muted">{isPending ? t("gauge.compacting") : t("gauge.compactText")}</p>
      <Button size="sm" variant="outline" aria-busy={isPending} className="shrink-0" onPress={() => void run()}>
        {isPending ? <Spinner size="sm" color="current" /> : <FoldVertical aria-hidden size={15} />}
        {t("gauge.compact")}
      </Button>
    </div>
  );
}
