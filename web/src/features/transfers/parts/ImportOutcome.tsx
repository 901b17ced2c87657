import { CircleCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { ImportResult } from "@/api/pending";
import { formatNumber } from "@/i18n/format";
import { sourceNames } from "./SourceChoice";

/** What came of an import: how much, from where, and what was left out. */
export function ImportOutcome({ result }: { result: ImportResult }) {
  const { t } = useTranslation("transfers");
  const { source, chats, messages, existing, leftOut, leftOutCount } = result;
  return (
    <div role="status" className="rounded-lg border border-border bg-surface px-4 py-3 text-sm">
      <p className="flex items-start gap-2.5 font-medium">
        <CircleCheck aria-hidden size={17} className="mt-0.5 shrink-0 text-success" />
        {t("imported", { count: chats, chats: formatNumber(chats), source: sourceNames[source] ?? source })}
      </p>
      <div className="mt-1 ps-[1.6875rem] text-muted">
        {chats > 0 ? <p>{t("importedMessages", { count: messages, messages: formatNumber(messages) })}</p> : null}
        {existing > 0 ? <p>{t("existing", { count: existing, existing: formatNumber(existing) })}</p> : null}
        {leftOut.length > 0 ? <LeftOut items={leftOut} count={leftOutCount} /> : null}
      </div>
    </div>
  );
}

function LeftOut({ items, count }: { items: ImportResult["leftOut"]; count: number }) {
  const { t } = useTranslation("transfers");
  return (
    <details className="mt-2">
      <summary className="min-h-8 cursor-pointer content-center text-foreground pointer-coarse:min-h-11">{t("leftOut", { count })}</summary>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable */}
      <section tabIndex={0} aria-label={t("leftOut", { count })} className="mt-1 max-h-60 overflow-y-auto rounded-md border border-border">
        <ul className="divide-y divide-separator">
          {items.map(({ title, reason }, index) => (
            // They have no id, and the list never changes.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index} className="px-3 py-2">
              <span className="block break-words text-foreground">{title === "" ? t("untitled") : title}</span>
              <span className="block text-xs break-words">{reason}</span>
            </li>
          ))}
          {items.length < count ? <li className="px-3 py-2">{t("leftOutMore", { count: count - items.length })}</li> : null}
        </ul>
      </section>
    </details>
  );
}
