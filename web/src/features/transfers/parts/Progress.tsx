import { Button, Spinner } from "@heroui/react";
import { useTranslation } from "react-i18next";
import { formatNumber } from "@/i18n/format";

interface ProgressProps {
  label: string;
  /** From 0 to 1; null while nobody knows. */
  share: number | null;
  note?: string;
  onCancel?: () => void;
}

/** How far something has come, with the way to end it. */
export function Progress({ label, share, note, onCancel }: ProgressProps) {
  const { t } = useTranslation("transfers");
  const percent = share === null ? null : Math.min(100, Math.floor(share * 100));
  return (
    <div className="w-full rounded-lg border border-border bg-surface px-4 py-3">
      <div className="flex min-h-8 items-center gap-3 text-sm">
        {percent === null ? <Spinner size="sm" color="current" /> : null}
        <span className="min-w-0 flex-1 truncate font-medium">{label}</span>
        {percent === null ? null : <span className="text-muted tabular-nums">{formatNumber(percent)} %</span>}
        {onCancel ? (
          <Button size="sm" variant="ghost" className="-me-2" onPress={onCancel}>
            {t("cancel", { ns: "common" })}
          </Button>
        ) : null}
      </div>
      <div
        role="progressbar"
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={100}
        {...(percent === null ? {} : { "aria-valuenow": percent })}
        className="mt-2 h-1.5 overflow-hidden rounded-full bg-default"
      >
        <div className="h-full rounded-full bg-accent transition-[width] duration-150" style={{ width: `${percent ?? 0}%` }} />
      </div>
      {note ? <p className="mt-2 truncate text-xs text-muted">{note}</p> : null}
    </div>
  );
}
