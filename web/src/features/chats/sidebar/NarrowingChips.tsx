import { useQuery } from "@tanstack/react-query";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { modelById } from "@/features/models/catalogue";
import { modelsQuery } from "@/features/models/queries";
import { formatDate } from "@/i18n/format";
import { dayOf, startOf } from "./days";
import { type Narrowing, narrow, useListState } from "./state";

/** The filters in use, each with the way out of it. */
export function NarrowingChips() {
  const { t } = useTranslation("chats");
  const narrowing = useListState((state) => state.narrowing);
  const { data: models } = useQuery(modelsQuery);
  const { tag, model, from, to } = narrowing;
  const until = to === undefined ? undefined : startOf(dayOf(to, -1));
  const chips: { key: keyof Narrowing; text: string }[] = [];
  if (tag !== undefined) chips.push({ key: "tag", text: tag });
  if (model !== undefined) chips.push({ key: "model", text: modelById(models, model)?.name ?? model });
  if (from !== undefined) chips.push({ key: "from", text: t("fromDay", { day: formatDate(from) }) });
  if (until !== undefined) chips.push({ key: "to", text: t("untilDay", { day: formatDate(until) }) });
  if (chips.length === 0) return null;
  return (
    <ul aria-label={t("filters")} className="flex shrink-0 flex-wrap gap-1.5 px-2.5 pt-1 pb-1.5">
      {chips.map(({ key, text }) => (
        <li key={key} className="max-w-full">
          <button
            type="button"
            aria-label={t("removeFilter", { text })}
            onClick={() => narrow({ [key]: undefined })}
            className="flex min-h-7 max-w-full items-center gap-1 rounded-full border border-accent bg-accent-soft ps-2.5 pe-1.5 text-xs text-accent-soft-foreground focus-visible:outline-2 focus-visible:outline-focus pointer-coarse:min-h-11"
          >
            <span className="truncate">{text}</span>
            <X aria-hidden size={13} className="shrink-0" />
          </button>
        </li>
      ))}
    </ul>
  );
}
