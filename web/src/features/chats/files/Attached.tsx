import { useTranslation } from "react-i18next";
import { FileChip } from "./FileChip";
import { type Shown, thumbnailUrl } from "./kinds";
import { askFor } from "@/features/chats/asked";

function isPicture({ kind, status }: Shown): boolean {
  return kind === "image" && status === "ready";
}

/** The files of a message that was sent: pictures large enough to be seen, the others as chips. */
export default function Attached({ files }: { files: readonly Shown[] }) {
  const { t } = useTranslation("chats");
  const pictures = files.filter(isPicture);
  const others = files.filter((file) => !isPicture(file));
  return (
    <section aria-label={t("files.attached")} className="mb-1.5 flex max-w-[85%] flex-col items-end gap-1.5">
      {pictures.length > 0 ? (
        <div className="flex flex-wrap justify-end gap-1.5">
          {pictures.map((file) => (
            <button
              key={file.id}
              type="button"
              aria-label={t("files.show", { name: file.name })}
              onClick={() => askFor({ what: "file", file })}
              className="overflow-hidden rounded-xl border border-border focus-visible:outline-2 focus-visible:outline-focus"
            >
              <img src={thumbnailUrl(file.id)} alt={file.name} loading="lazy" className={`object-cover ${pictures.length === 1 ? "max-h-64 min-h-24 max-w-full" : "size-28"}`} />
            </button>
          ))}
        </div>
      ) : null}
      {others.length > 0 ? (
        <div className="flex flex-wrap justify-end gap-1.5">
          {others.map((file) => (
            <FileChip key={file.id} file={file} />
          ))}
        </div>
      ) : null}
    </section>
  );
}
