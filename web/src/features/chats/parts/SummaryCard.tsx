import { Button } from "@heroui/react";
import { useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ChevronRight, FoldVertical } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Summary } from "@/api/types";
import { undoSummary } from "@/features/chats/context";
import { formatNumber } from "@/i18n/format";
import { Markdown } from "@/ui/Markdown";
import { useModelName } from "./useModelName";

/** Stands where the model's memory of the turns above is a summary; it can be read and taken back. */
export default function SummaryCard({ summary, isTold }: { summary: Summary; isTold: boolean }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const { chatId } = useParams({ strict: false });
  const [isOpen, setOpen] = useState(false);
  const [isPending, setPending] = useState(false);
  const name = useModelName(summary.model);
  const undo = async () => {
    if (chatId === undefined || isPending) return;
    setPending(true);
    await undoSummary(client, chatId, summary.id);
    setPending(false);
  };
  const sizes = { messages: t("summary.covers", { count: summary.coveredMessages }), before: formatNumber(summary.coveredTokens), after: formatNumber(summary.tokens) };
  return (
    <section aria-label={t("summary.title")} className="my-2 rounded-xl border border-dashed border-(--field-border) bg-surface">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 py-1.5 ps-2 pe-2">
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="flex min-h-11 min-w-0 flex-1 basis-72 items-center gap-2.5 rounded-lg px-2 text-start hover:bg-surface-secondary focus-visible:outline-2 focus-visible:outline-focus"
        >
          <FoldVertical aria-hidden size={17} className="shrink-0 text-accent" />
          <span className="min-w-0 flex-1 text-sm leading-snug">
            <span className="block font-medium">{t(isTold ? "summary.title" : "summary.older")}</span>
            <span className="block text-xs text-muted">{t("summary.sizes", sizes)}</span>
          </span>
          <ChevronRight aria-hidden size={16} className={`shrink-0 text-muted transition-transform duration-100 ${isOpen ? "rotate-90" : ""}`} />
        </button>
        <Button size="sm" variant="ghost" aria-busy={isPending} onPress={() => void undo()}>
          {t("summary.undo")}
        </Button>
      </div>
      {isOpen ? (
        <div className="border-t border-border px-4 py-3">
          <Markdown text={summary.content} isStreaming={false} className="text-[0.9375rem]" />
          <p className="mt-3 text-xs text-muted">{t("summary.by", { model: name ?? summary.model })}</p>
        </div>
      ) : null}
    </section>
  );
}
