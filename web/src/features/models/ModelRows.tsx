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
  return (
    // The search box has the focus and the keys; this is its listbox, reached by aria-activedescendant.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="option"
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
          {modalities.includes("image") ? <ImageIcon role="img" aria-label={t("image")} size={14} className="shrink-0 text-muted" /> : null}
          {isLocal ? <Badge>{t("builtIn")}</Badge> : null}
          {isAvailable ? null : <Badge>{t("unavailable")}</Badge>}
        </span>
        <Facts model={model} />
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

function Facts({ model }: { model: Model }) {
  const { t } = useTranslation("models");
  const { contextLength, promptPriceMicrousdPerMtok: prompt, completionPriceMicrousdPerMtok: completion } = model;
  const context = contextLength === null ? null : t("context", { tokens: contextLabel(contextLength) });
  const isPriced = prompt !== null && completion !== null;
  const isFree = isPriced && prompt === 0 && completion === 0;
  const money = isPriced ? { prompt: moneyLabel(prompt), completion: moneyLabel(completion) } : null;
  const facts = [context, isFree ? t("free") : money && t("priceShort", money)].filter((fact) => fact !== null);
  return (
    <>
      <span aria-hidden className="mt-0.5 block truncate text-xs text-muted">
        {facts.length > 0 ? facts.join(" · ") : model.id}
      </span>
      <span className="sr-only">{[context, isFree ? t("free") : money && t("price", money)].filter(Boolean).join(", ")}</span>
    </>
  );
}
