import { Button, Spinner } from "@heroui/react";
import { useQuery } from "@tanstack/react-query";
import { CircleAlert, RotateCw, X } from "lucide-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { askFor } from "@/features/chats/asked";
import { formatNumber } from "@/i18n/format";
import { KindIcon, type Shown, sizeLabel, thumbnailUrl } from "./kinds";
import { fileQuery } from "./queries";
import type { Upload } from "./useUploads";

/** A file, followed while it is read. */
export function FileChip({ file: known, onRemove }: { file: Shown; onRemove?: () => void }) {
  const { data } = useQuery(fileQuery(known));
  return <Chip file={data.status === "pending" ? known : data} onRemove={onRemove} />;
}

/** A file: its picture or sign, its name, what is known of it; pressed, it is shown whole. */
function Chip({ file, onRemove }: { file: Shown; onRemove?: () => void }) {
  const { t } = useTranslation("chats");
  const { id, name, kind, status, sizeBytes, tokens, pages, error } = file;
  const isFailed = status === "failed";
  const facts = [sizeLabel(sizeBytes), pages === null ? null : t("files.pages", { count: pages }), tokens === null ? null : t("files.tokens", { value: formatNumber(tokens) })];
  return (
    <div className={`flex max-w-72 min-w-0 items-center rounded-lg border bg-surface ${isFailed ? "border-danger/50" : "border-border"}`}>
      <button
        type="button"
        aria-label={t("files.show", { name })}
        onClick={() => askFor({ what: "file", file })}
        className="flex min-w-0 flex-1 items-center gap-2.5 rounded-lg p-1.5 pe-2.5 text-start hover:bg-surface-secondary focus-visible:outline-2 focus-visible:outline-focus"
      >
        <Picture isImage={kind === "image" && status === "ready"} id={id}>
          {isFailed ? <CircleAlert aria-hidden size={17} className="text-danger" /> : <KindIcon kind={kind} className="text-muted" />}
        </Picture>
        <span className="min-w-0 text-sm leading-tight">
          <span className="block truncate font-medium">{name}</span>
          <span className={`block truncate text-xs ${isFailed ? "text-danger" : "text-muted"}`}>
            {isFailed ? t("files.failed", { why: error?.detail ?? "" }) : status === "pending" ? t("files.reading") : facts.filter(Boolean).join(" · ")}
          </span>
        </span>
      </button>
      {onRemove ? (
        <Button isIconOnly size="sm" variant="ghost" aria-label={t("files.remove", { name })} className="me-0.5 shrink-0 text-muted" onPress={onRemove}>
          <X aria-hidden size={15} />
        </Button>
      ) : null}
    </div>
  );
}

function Picture({ isImage, id, children }: { isImage: boolean; id: string; children: ReactNode }) {
  if (isImage) return <img src={thumbnailUrl(id)} alt="" loading="lazy" className="size-9 shrink-0 rounded-md border border-border object-cover" />;
  return <span className="grid size-9 shrink-0 place-items-center rounded-md bg-default">{children}</span>;
}

/** A file on its way, or that did not arrive. */
export function UploadChip({ upload, onRemove }: { upload: Upload; onRemove: () => void }) {
  const { t } = useTranslation("chats");
  const { name, share, failure } = upload;
  const percent = formatNumber(share, { style: "percent", maximumFractionDigits: 0 });
  return (
    <div className={`relative flex max-w-72 min-w-0 items-center gap-2.5 overflow-hidden rounded-lg border bg-surface p-1.5 ${failure === null ? "border-border" : "border-danger/50"}`}>
      <span className="grid size-9 shrink-0 place-items-center rounded-md bg-default">
        {failure === null ? <Spinner size="sm" aria-hidden /> : <RotateCw aria-hidden size={16} className="text-danger" />}
      </span>
      <span className="min-w-0 flex-1 text-sm leading-tight">
        <span className="block truncate font-medium">{name}</span>
        <span role={failure === null ? undefined : "alert"} className={`line-clamp-2 text-xs ${failure === null ? "text-muted" : "text-danger"}`}>
          {failure ?? t("files.sending", { percent })}
        </span>
      </span>
      <Button isIconOnly size="sm" variant="ghost" aria-label={t(failure === null ? "files.cancel" : "files.remove", { name })} className="shrink-0 text-muted" onPress={onRemove}>
        <X aria-hidden size={15} />
      </Button>
      {failure === null ? <span aria-hidden className="absolute bottom-0 left-0 h-0.5 bg-accent transition-[width]" style={{ width: `${share * 100}%` }} /> : null}
    </div>
  );
}
