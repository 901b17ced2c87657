import { Button, Input, Label, Popover, TextField } from "@heroui/react";
import { useQuery } from "@tanstack/react-query";
import { ListFilter as FilterIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import { tagsQuery } from "@/features/chats/organise";
import { ModelPicker } from "@/features/models/ModelPicker";
import { dayAfter, dayOf, startOf } from "./days";
import { isNarrowed, narrow, useListState } from "./state";

/** Narrows the list and the search by model, days and tag. */
export default function NarrowingPopover() {
  const { t } = useTranslation("chats");
  const narrowing = useListState((state) => state.narrowing);
  const isOn = isNarrowed(narrowing);
  return (
    <Popover>
      <Button isIconOnly size="sm" variant="ghost" aria-label={t(isOn ? "filtersOn" : "filters")} className="relative shrink-0 text-muted">
        <FilterIcon aria-hidden size={16} />
        {isOn ? <span className="absolute end-1.5 top-1.5 size-2 rounded-full bg-accent" /> : null}
      </Button>
      <Popover.Content placement="bottom end" className="w-[min(22rem,calc(100vw-1rem))]">
        <Popover.Dialog aria-label={t("filters")} className="flex flex-col gap-4 p-4">
          <div className="flex items-center justify-between">
            <h2 className="text-base font-semibold">{t("filters")}</h2>
            <Button
              size="sm"
              variant="ghost"
              isDisabled={!isOn}
              onPress={() => narrow({ tag: undefined, model: undefined, from: undefined, to: undefined })}
            >
              {t("params.reset")}
            </Button>
          </div>
          <div className="flex flex-col items-start gap-1.5">
            <span className="text-sm font-medium">{t("details.model")}</span>
            <ModelPicker label={t("details.model")} value={narrowing.model ?? null} onChange={(model) => narrow({ model })} className="w-full" />
          </div>
          <div className="grid grid-cols-2 gap-3">
            <Day label={t("from")} value={dayOf(narrowing.from)} onChange={(day) => narrow({ from: startOf(day) })} />
            <Day label={t("until")} value={dayOf(narrowing.to, -1)} onChange={(day) => narrow({ to: dayAfter(day) })} />
          </div>
          <TagChoice />
        </Popover.Dialog>
      </Popover.Content>
    </Popover>
  );
}

function Day({ label, value, onChange }: { label: string; value: string; onChange: (day: string) => void }) {
  return (
    <TextField fullWidth type="date" value={value} onChange={onChange}>
      <Label>{label}</Label>
      <Input className="min-w-0 px-2 text-sm" />
    </TextField>
  );
}

function TagChoice() {
  const { t } = useTranslation("chats");
  const wanted = useListState((state) => state.narrowing.tag);
  const { data: tags = [] } = useQuery(tagsQuery);
  return (
    <div className="flex flex-col gap-1.5">
      <h3 className="font-sans text-sm font-medium tracking-normal">{t("tags")}</h3>
      {tags.length === 0 ? <p className="text-sm text-muted">{t("noTags")}</p> : null}
      <div className="flex max-h-40 flex-wrap gap-1.5 overflow-y-auto p-0.5">
        {tags.map(({ tag, count }) => (
          <button
            key={tag}
            type="button"
            aria-pressed={wanted === tag}
            onClick={() => narrow({ tag: wanted === tag ? undefined : tag })}
            className="flex min-h-7 max-w-full items-center gap-1.5 rounded-full border border-border px-2.5 text-sm hover:bg-default focus-visible:outline-2 focus-visible:outline-focus aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent-soft-foreground pointer-coarse:min-h-11"
          >
            <span className="truncate">{tag}</span>
            <span className={`text-xs ${wanted === tag ? "" : "text-muted"}`}>{count}</span>
          </button>
        ))}
      </div>
    </div>
  );
}
