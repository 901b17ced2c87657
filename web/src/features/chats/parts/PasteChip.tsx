import { Button } from "@heroui/react";
import { ChevronDown, FileText, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { byteCount, firstLines, lineCount, type Pasted } from "@/features/chats/paste";
import { formatNumber } from "@/i18n/format";

const previewLines = 60;
const previewUnits = 6_000;

function sizeLabel(bytes: number): string {
  const kilobytes = bytes / 1024;
  if (kilobytes < 1_000) return `${formatNumber(kilobytes, { maximumFractionDigits: 0 })} KB`;
  return `${formatNumber(kilobytes / 1024, { maximumFractionDigits: 1 })} MB`;
}

/** A long pasted text, folded; it goes with the message in full. */
export function PasteChip({ pasted, onRemove }: { pasted: Pasted; onRemove: () => void }) {
  const { t } = useTranslation("chats");
  const [isOpen, setOpen] = useState(false);
  const [{ lines, size }] = useState(() => ({ lines: lineCount(pasted.text), size: sizeLabel(byteCount(pasted.text)) }));
  const preview = isOpen ? firstLines(pasted.text, previewLines).slice(0, previewUnits) : "";
  return (
    <div role="group" aria-label={t("attachPasted", { lines: formatNumber(lines) })} className={`rounded-lg border border-border bg-surface-secondary ${isOpen ? "w-full" : ""}`}>
      <div className="flex items-center gap-1 ps-3 pe-1">
        <FileText aria-hidden size={16} className="shrink-0 text-muted" />
        <span className="min-w-0 flex-1 px-1.5 py-1.5 text-sm leading-tight">
          <span className="block font-medium">{t("pasteTitle")}</span>
          <span className="block text-xs text-muted">{t("pasteSize", { lines: formatNumber(lines), size })}</span>
        </span>
        <Button isIconOnly size="sm" variant="ghost" aria-expanded={isOpen} aria-label={t(isOpen ? "pasteHide" : "pasteShow")} onPress={() => setOpen(!isOpen)}>
          <ChevronDown aria-hidden size={16} className={isOpen ? "rotate-180" : ""} />
        </Button>
        <Button isIconOnly size="sm" variant="ghost" aria-label={t("pasteRemove")} onPress={onRemove}>
          <X aria-hidden size={16} />
        </Button>
      </div>
      {isOpen ? (
        <div className="border-t border-border">
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
          <pre tabIndex={0} role="region" aria-label={t("pasteTitle")} className="max-h-52 overflow-auto px-3 py-2 font-mono text-xs">
            {preview}
          </pre>
          {preview.length < pasted.text.length ? (
            <p className="border-t border-border px-3 py-1.5 text-xs text-muted">{t("pasteMore", { lines: formatNumber(lineCount(preview)) })}</p>
          ) : null}
        </div>
      ) : null}
    </div>
  );
}
