import { Button } from "@heroui/react";
import { Upload } from "lucide-react";
import { type DragEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

const accepted = ".zip,.json,application/zip,application/json";

/** Takes a file by a dialog, or dropped on it. */
export function FileChoice({ onChoose }: { onChoose: (file: File) => void }) {
  const { t } = useTranslation("transfers");
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const take = (files: FileList | null) => {
    const file = files?.[0];
    if (file) onChoose(file);
  };
  const over = (event: DragEvent) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer.files);
  };
  return (
    <div
      className={`flex flex-col items-center gap-2.5 rounded-lg border border-dashed px-4 py-6 text-center ${isOver ? "border-accent bg-accent-soft" : "border-(--field-border)"}`}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <input
        ref={input}
        type="file"
        accept={accepted}
        aria-label={t("choose")}
        hidden
        onChange={({ target }) => {
          take(target.files);
          // The same file may be chosen again.
          target.value = "";
        }}
      />
      <Button variant="outline" onPress={() => input.current?.click()}>
        <Upload aria-hidden size={16} />
        {t("choose")}
      </Button>
      <p className="text-xs text-muted">{t("importDrop")}</p>
    </div>
  );
}
