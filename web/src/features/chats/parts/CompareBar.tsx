import { Button, Popover } from "@heroui/react";
import { EyeOff, Plus, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { blindCount, most, withModel, withoutModel } from "@/features/chats/comparing";
import type { Draft } from "@/features/chats/drafts";
import ModelList from "@/features/models/ModelList";
import { useModelName } from "./useModelName";

interface CompareBarProps {
  models: readonly string[];
  isBlind: boolean;
  onChange: (next: Partial<Draft>) => void;
}

/** The models that one question is put to, and whether their names are hidden. */
export default function CompareBar({ models, isBlind, onChange }: CompareBarProps) {
  const { t } = useTranslation("chats");
  return (
    <div role="group" aria-label={t("compare.models")} className="flex flex-wrap items-center gap-1.5 px-2 pt-2">
      {models.map((id) => (
        <ModelChip key={id} id={id} onRemove={() => onChange({ compared: withoutModel(models, id) })} />
      ))}
      {models.length < most ? <AddModel onAdd={(id) => onChange({ compared: withModel(models, id) })} /> : null}
      {models.length === blindCount ? (
        <Button
          size="sm"
          variant="ghost"
          aria-pressed={isBlind}
          className={`ms-auto gap-1.5 ${isBlind ? "bg-accent-soft text-accent" : "text-muted"}`}
          onPress={() => onChange({ isBlind: !isBlind })}
        >
          <EyeOff aria-hidden size={15} />
          {t("compare.blind")}
        </Button>
      ) : null}
      {isBlind && models.length === blindCount ? <p className="basis-full px-1 text-xs text-muted">{t("compare.blindText")}</p> : null}
    </div>
  );
}

function ModelChip({ id, onRemove }: { id: string; onRemove: () => void }) {
  const { t } = useTranslation("chats");
  const name = useModelName(id) ?? id;
  return (
    <span className="flex h-8 max-w-56 items-center rounded-lg border border-border bg-surface-secondary ps-2.5 text-sm pointer-coarse:h-11">
      <span className="truncate">{name}</span>
      <button
        type="button"
        aria-label={t("compare.remove", { model: name })}
        onClick={onRemove}
        className="grid size-8 shrink-0 place-items-center rounded-lg text-muted hover:text-foreground focus-visible:outline-2 focus-visible:outline-focus pointer-coarse:size-11"
      >
        <X aria-hidden size={14} />
      </button>
    </span>
  );
}

function AddModel({ onAdd }: { onAdd: (id: string) => void }) {
  const { t } = useTranslation("chats");
  const [isOpen, setOpen] = useState(false);
  const add = (id: string) => {
    setOpen(false);
    onAdd(id);
  };
  return (
    <Popover isOpen={isOpen} onOpenChange={setOpen}>
      <Button size="sm" variant="outline" className="gap-1.5 border-dashed">
        <Plus aria-hidden size={15} />
        {t("compare.add")}
      </Button>
      <Popover.Content placement="top start" className="flex w-[min(27rem,calc(100vw-1rem))] flex-col">
        <Popover.Dialog className="flex min-h-0 flex-1 flex-col p-0" aria-label={t("compare.add")}>
          <ModelList value={null} onChoose={add} />
        </Popover.Dialog>
      </Popover.Content>
    </Popover>
  );
}
