// What files are called and how they are shown; pure.
import { createElement } from "react";
import { FileArchive, FileCode, FileImage, FileSpreadsheet, FileText, Globe, type LucideIcon } from "lucide-react";
import type { FileView } from "@/api/types";
import { formatNumber } from "@/i18n/format";

/** What is shown of a file; the attachment of a message is less than the file itself. */
export type Shown = Omit<FileView, "createdAt">;

const icons: Record<FileView["kind"], LucideIcon> = {
  image: FileImage,
  pdf: FileText,
  text: FileText,
  code: FileCode,
  csv: FileSpreadsheet,
  docx: FileText,
  web: Globe,
  archive: FileArchive,
};

export function KindIcon({ kind, className }: { kind: FileView["kind"]; className?: string }) {
  return createElement(icons[kind], { "aria-hidden": true, size: 17, className });
}

/** Bytes as people read them: `12 KB`, `3.4 MB`. */
export function sizeLabel(bytes: number): string {
  if (bytes < 1_000) return `${formatNumber(bytes)} B`;
  const kilobytes = bytes / 1024;
  if (kilobytes < 1_000) return `${formatNumber(Math.max(1, kilobytes), { maximumFractionDigits: 0 })} KB`;
  return `${formatNumber(kilobytes / 1024, { maximumFractionDigits: 1 })} MB`;
}

export function contentUrl(id: string): string {
  return `/api/files/${id}/content`;
}

export function thumbnailUrl(id: string): string {
  return `/api/files/${id}/thumbnail`;
}
