import { Chip } from "@heroui/react";
import { Check, ImageIcon } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Model, Provider } from "@/api/types";
import { contextLabel, moneyLabel } from "./format";

/** A provider's heading, with what is wrong with it. */
export function ProviderRow({ provider }: { provider: Provider }) {
  const { t } = useTranslation("models");
  return (
    <div role="presentation" className="px-2.5 pt-3 pb-1">
      <p className="text-xs font-semibold text-muted">{provider.name}</p>
      {provider.error ? <p className="mt-0.5 text-xs text-danger">{t("providerDown", { error: provider.error })}</p> : null}
    </div>
  );
}

interface ModelOptionProps {
  id: string;
  model: Model;
  isActive: boolean;
  isChosen: boolean;
  position: number;
  of: number;
  onChoose: () => void;
  onPoint: () => void;
}

/** One model: its name, what it costs and how much it can read. */
export function ModelOption({ id, model, isActive, isChosen, position, of, onChoose, onPoint }: ModelOptionProps) {
  const { t } = useTranslation("models");
  const { name, isLocal, isAvailable, modalities } = model;
  const isSeeing = modalities.includes("image");
  const facts = useFacts(model);
  const spoken = [name, isSeeing && t("image"), isLocal && t("builtIn"), !isAvailable && t("unavailable"), facts.spoken];
  return (
    // The search box has the focus and the keys; this is its listbox, reached by aria-activedescendant.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="option"
      aria-label={spoken.filter(Boolean).join(", ")}
      aria-selected={isChosen}
      aria-disabled={!isAvailable}
      aria-setsize={of}
      aria-posinset={position}
      onClick={isAvailable ? onChoose : undefined}
      onPointerMove={isActive ? undefined : onPoint}
      className={`flex cursor-default items-center gap-3 rounded-lg px-2.5 py-2 ${isActive ? "bg-default" : ""} ${isAvailable ? "" : "opacity-75"}`}
    >
      <span className="min-w-0 flex-1">
        <span className="flex items-center gap-2">
          <span className="truncate text-sm font-medium">{name}</span>
          {isSeeing ? <ImageIcon aria-hidden size={14} className="shrink-0 text-muted" /> : null}
          {isLocal ? <Badge>{t("builtIn")}</Badge> : null}
          {isAvailable ? null : <Badge>{t("unavailable")}</Badge>}
        </span>
        <span className="mt-0.5 block truncate text-xs text-muted">{facts.shown || model.id}</span>
      </span>
      <Check aria-hidden size={16} className={`shrink-0 text-accent ${isChosen ? "" : "invisible"}`} />
    </div>
  );
}

function Badge({ children }: { children: string }) {
  return (
    <Chip size="sm" variant="soft" className="shrink-0">
      {children}
    </Chip>
  );
}

/** What a model costs and can read: short for the eye, in full words for the ear. */
function useFacts(model: Model): { shown: string; spoken: string } {
  const { t } = useTranslation("models");
  const { contextLength, promptPriceMicrousdPerMtok: prompt, completionPriceMicrousdPerMtok: completion } = model;
  const context = contextLength === null ? "" : t("context", { tokens: contextLabel(contextLength) });
  if (prompt === null || completion === null) return { shown: context, spoken: context };
  const isFree = prompt === 0 && completion === 0;
  const money = { prompt: moneyLabel(prompt), completion: moneyLabel(completion) };
  return {
    shown: [context, isFree ? t("free") : t("priceShort", money)].filter(Boolean).join(" · "),
    spoken: [context, isFree ? t("free") : t("price", money)].filter(Boolean).join(", "),
  };
}
