import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { type KeyboardEvent, useDeferredValue, useId, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { ErrorState } from "@/ui/ErrorState";
import type { ModelCatalogue } from "@/api/types";
import { find } from "./catalogue";
import { ModelOption, ProviderRow } from "./ModelRows";
import { modelsQuery } from "./queries";

interface ModelListProps {
  value: string | null;
  onChoose: (id: string) => void;
}

/** Every model, searchable; arrow keys move, Enter chooses. */
export default function ModelList({ value, onChoose }: ModelListProps) {
  const { t } = useTranslation("models");
  const { data, error, refetch } = useQuery(modelsQuery);
  if (data) return <Choices catalogue={data} value={value} onChoose={onChoose} />;
  if (error) return <ErrorState title={t("failed")} error={error} onRetry={() => void refetch()} />;
  return <div className="h-80" aria-busy="true" />;
}

const step: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };

function Choices({ catalogue, value, onChoose }: ModelListProps & { catalogue: ModelCatalogue }) {
  const { t } = useTranslation("models");
  const [query, setQuery] = useState("");
  const wanted = useDeferredValue(query);
  const { rows, models } = useMemo(() => find(catalogue, wanted), [catalogue, wanted]);
  const [picked, setPicked] = useState<number | null>(null);
  const chosen = models.findIndex(({ id }) => id === value);
  const active = Math.min(picked ?? (wanted === "" ? Math.max(0, chosen) : 0), models.length - 1);
  const rowOf = (index: number) => rows.findIndex((row) => row.kind === "model" && row.index === index);
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const id = useId();
  const optionId = (index: number) => `${id}-${index}`;

  const move = (to: number) => {
    const next = Math.max(0, Math.min(models.length - 1, to));
    setPicked(next);
    list.current?.scrollToIndex(next === 0 ? 0 : rowOf(next), { align: "nearest" });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    const by = step[event.key];
    if (by !== undefined) move(active + by);
    else if (event.key === "Enter" && models[active]?.isAvailable) onChoose(models[active].id);
    else return;
    event.preventDefault();
  };
  const search = (text: string) => {
    setQuery(text);
    setPicked(null);
    scroller.current?.scrollTo({ top: 0 });
  };
  const start = rowOf(active);
  return (
    <div className="flex max-h-[min(30rem,70dvh)] min-h-0 flex-1 flex-col">
      <label className="flex shrink-0 items-center gap-2.5 border-b border-border px-3.5">
        <Search aria-hidden size={16} className="shrink-0 text-muted" />
        <input
          role="combobox"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={models.length > 0 ? optionId(active) : undefined}
          aria-autocomplete="list"
          aria-label={t("search")}
          placeholder={t("searchHint")}
          // With a finger the keyboard would cover the list at once.
          // oxlint-disable-next-line jsx-a11y/no-autofocus
          autoFocus={matchMedia("(pointer: fine)").matches}
          autoComplete="off"
          spellCheck={false}
          value={query}
          onChange={({ target }) => search(target.value)}
          onKeyDown={onKeyDown}
          className="h-11 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-(--field-placeholder) md:text-sm"
        />
      </label>
      <div ref={scroller} role="listbox" id={`${id}-list`} aria-label={t("search")} className="min-h-0 flex-1 overflow-y-auto p-1.5">
        <Virtualizer ref={startAt(start, list)} scrollRef={scroller} data={rows} keepMounted={start < 0 ? [] : [start]} startMargin={6}>
          {(row) =>
            row.kind === "provider" ? (
              <ProviderRow key={row.key} provider={row.provider} />
            ) : (
              <ModelOption
                key={row.key}
                id={optionId(row.index)}
                model={row.model}
                isActive={row.index === active}
                isChosen={row.model.id === value}
                position={row.index + 1}
                of={models.length}
                onChoose={() => onChoose(row.model.id)}
                onPoint={() => setPicked(row.index)}
              />
            )
          }
        </Virtualizer>
      </div>
      <p role="status" className={models.length > 0 ? "sr-only" : "px-4 pb-5 text-center text-sm text-muted"}>
        {models.length > 0 ? t("shown", { count: models.length }) : t(wanted === "" ? "none" : "noMatch", { query: wanted })}
      </p>
    </div>
  );
}

const opened = new WeakSet<VirtualizerHandle>();

/** Shows the chosen model when the list opens, wherever it stands. */
function startAt(row: number, list: { current: VirtualizerHandle | null }) {
  return (handle: VirtualizerHandle | null) => {
    list.current = handle;
    if (handle === null || opened.has(handle)) return;
    opened.add(handle);
    if (row > 3) handle.scrollToIndex(row, { align: "center" });
  };
}
