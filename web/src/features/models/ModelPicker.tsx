import { Button, Popover } from "@heroui/react";
import { useQuery } from "@tanstack/react-query";
import { ChevronDown } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { modelById } from "./catalogue";
import { modelsQuery } from "./queries";

const ModelList = lazy(() => import("./ModelList"));

interface ModelPickerProps {
  /** The id of the model chosen; null while none is. */
  value: string | null;
  onChange: (id: string) => void;
  /** Names the field where the button stands in a form. */
  label?: string;
  className?: string;
  variant?: "ghost" | "outline";
}

/** A button with the chosen model's name that opens the list of all. */
export function ModelPicker({ value, onChange, label, className, variant = "outline" }: ModelPickerProps) {
  const { t } = useTranslation("models");
  const [isOpen, setOpen] = useState(false);
  const { data } = useQuery(modelsQuery);
  const name = modelById(data, value)?.name ?? value;
  const choose = (id: string) => {
    onChange(id);
    setOpen(false);
  };
  return (
    <Popover isOpen={isOpen} onOpenChange={setOpen}>
      <Button
        variant={variant}
        className={`min-w-0 justify-between gap-1.5 font-medium ${className ?? ""}`}
        aria-label={`${label ? `${label}. ` : ""}${name === null ? t("choose") : t("chosen", { name })}`}
      >
        <span className="truncate">{name ?? t("choose")}</span>
        <ChevronDown aria-hidden size={16} className="shrink-0 text-muted" />
      </Button>
      {/* The popover may get less room than the list wants: then the list scrolls, inside its frame. */}
      <Popover.Content placement="bottom start" className="flex w-[min(27rem,calc(100vw-1rem))] flex-col">
        <Popover.Dialog className="flex min-h-0 flex-1 flex-col p-0" aria-label={t("choose")}>
          <Suspense fallback={<div className="h-80" />}>
            <ModelList value={value} onChoose={choose} />
          </Suspense>
        </Popover.Dialog>
      </Popover.Content>
    </Popover>
  );
}
