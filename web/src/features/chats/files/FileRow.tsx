import { useTranslation } from "react-i18next";
import type { FileView } from "@/api/types";
import { FileChip, UploadChip } from "./FileChip";
import type { Upload } from "./useUploads";

interface FileRowProps {
  files: readonly FileView[];
  uploads: readonly Upload[];
  onRemove: (id: string) => void;
  onDrop: (id: string) => void;
}

/** What goes with the next question. */
export default function FileRow({ files, uploads, onRemove, onDrop }: FileRowProps) {
  const { t } = useTranslation("chats");
  return (
    <div role="group" aria-label={t("files.attached")} className="flex flex-wrap gap-2 px-2 pt-2">
      {files.map((file) => (
        <FileChip key={file.id} file={file} onRemove={() => onRemove(file.id)} />
      ))}
      {uploads.map((upload) => (
        <UploadChip key={upload.id} upload={upload} onRemove={() => onDrop(upload.id)} />
      ))}
    </div>
  );
}
