import { Button } from "@heroui/react";
import { ArrowUp, Columns2, Square } from "lucide-react";
import { type ClipboardEvent, type DragEvent, type KeyboardEvent, lazy, memo, type Ref, Suspense, useImperativeHandle, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { newId } from "@/api/ids";
import { useMe } from "@/api/session";
import type { Params } from "@/api/types";
import { asked, fewest, toggled } from "@/features/chats/comparing";
import { type Draft, draftKey, emptyDraft, newChat } from "@/features/chats/drafts";
import { becomesChip, inlined } from "@/features/chats/paste";
import { useDraft } from "@/features/chats/useDraft";
import { ModelPicker } from "@/features/models/ModelPicker";
import { ContextGauge } from "./ContextGauge";
import { GrowingText } from "./GrowingText";
import { ParamsPopover } from "./ParamsPopover";
import { PasteChip } from "./PasteChip";
import { useCompareCommand } from "./useCompareCommand";

const CompareBar = lazy(() => import("./CompareBar"));

export interface ComposerHandle {
  focus: () => void;
  /** Puts `text` into the box, after what is there. */
  fill: (text: string) => void;
}

export interface Written {
  content: string;
  model: string | null;
  params: Params;
  /** The models to be compared, instead of one. */
  models?: string[];
  blind?: boolean;
}

interface ComposerProps {
  /** Absent while the chat is yet to be made. */
  chatId?: string;
  /** The model used unless another is picked here. */
  model: string | null;
  /** The message at the end of the branch; what the model is told is measured up to there. */
  leafId?: string | null;
  /** The chat's own parameters; for a new chat the draft holds them. */
  params?: Params;
  onParams?: (params: Params) => void;
  onSend: (written: Written) => void;
  /** Stops the answer under way; absent when none is. */
  onStop?: () => void;
  /** What is typed is not written down either. */
  isTemporary?: boolean;
  ref?: Ref<ComposerHandle>;
}

const isTouch = () => matchMedia("(pointer: coarse)").matches;

/** Where a question is written. Nothing typed here renders anything else. */
export const Composer = memo(function Composer({ chatId, model, leafId = null, params, onParams, onSend, onStop, isTemporary = false, ref }: ComposerProps) {
  const { t } = useTranslation("chats");
  const { id: userId } = useMe();
  const [draft, change] = useDraft(draftKey(userId, chatId ?? newChat), !isTemporary);
  const [isTooEarly, setTooEarly] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const chosen = draft.model ?? model;
  const isEmpty = draft.pasted.length === 0 && draft.text.trim() === "";
  const { compared } = draft;
  const isShort = compared !== null && compared.length < fewest;
  useCompareCommand(compared, chosen, change);

  const addPasted = (text: string) => change({ pasted: [...draft.pasted, { id: newId(), text }] });
  useImperativeHandle(ref, () => ({
    focus: () => box.current?.focus(),
    fill: (text) => {
      if (becomesChip(text)) addPasted(text);
      else change({ text: draft.text.trim() === "" ? text : `${draft.text.trimEnd()}\n\n${text}` });
      box.current?.focus();
    },
  }));

  const send = () => {
    if (isEmpty || isShort) return;
    if (onStop) {
      setTooEarly(true);
      return;
    }
    setTooEarly(false);
    const content = inlined(draft.text, draft.pasted);
    change(emptyDraft);
    onSend({ content, params: draft.params, ...asked(draft, chosen) });
    box.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, Enter belongs to it (keyCode 229 is Safari's way to say so).
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    if (event.key !== "Enter" || event.shiftKey || event.altKey) return;
    if (isTouch() && !event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    send();
  };
  const take = (event: ClipboardEvent | DragEvent, data: DataTransfer) => {
    const text = data.getData("text/plain");
    if (!becomesChip(text)) return;
    event.preventDefault();
    addPasted(text);
  };

  return (
    <form
      className="mx-auto w-full max-w-column rounded-2xl border border-(--field-border) bg-field px-1.5 pt-1 pb-1.5 focus-within:border-accent"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {draft.pasted.length > 0 ? (
        <div className="flex flex-wrap gap-2 px-2 pt-2">
          {draft.pasted.map((pasted) => (
            <PasteChip
              key={pasted.id}
              pasted={pasted}
              onRemove={() => {
                change({ pasted: draft.pasted.filter(({ id }) => id !== pasted.id) });
                box.current?.focus();
              }}
            />
          ))}
        </div>
      ) : null}
      {compared ? (
        <Suspense fallback={<div className="h-11" />}>
          <CompareBar models={compared} isBlind={draft.isBlind} onChange={change} />
        </Suspense>
      ) : null}
      <GrowingText
        ref={box}
        value={draft.text}
        label={t("composerLabel")}
        placeholder={t("composerPlaceholder")}
        onChange={(text) => {
          setTooEarly(false);
          change({ text });
        }}
        onKeyDown={onKeyDown}
        onPaste={(event) => take(event, event.clipboardData)}
        onDrop={(event) => take(event, event.dataTransfer)}
      />
      <div className="flex items-center gap-0.5">
        {compared ? (
          <span className="min-w-0 truncate ps-2.5 pe-1 text-sm text-muted">{t("compare.count", { count: compared.length })}</span>
        ) : (
          <ModelPicker variant="ghost" value={chosen} onChange={(id) => change({ model: id })} className="max-w-64 px-2.5 text-muted" />
        )}
        <CompareToggle isOn={compared !== null} onToggle={() => change(toggled(compared, chosen))} />
        <ParamsPopover params={onParams ? (params ?? {}) : draft.params} onChange={onParams ?? ((next) => change({ params: next }))} />
        {chatId !== undefined && leafId !== null ? (
          <ContextGauge chatId={chatId} leafId={leafId} model={draft.model} isRunning={onStop !== undefined} draftLength={lengthOf(draft)} />
        ) : null}
        <p role="status" className="min-w-0 flex-1 truncate px-1 text-end text-xs text-muted">
          {isTooEarly && onStop ? t("tooBusyToSend") : isShort ? t("compare.tooFew") : ""}
        </p>
        <SendButton isEmpty={isEmpty || isShort} onStop={onStop} />
      </div>
    </form>
  );
});

function SendButton({ isEmpty, onStop }: { isEmpty: boolean; onStop?: () => void }) {
  const { t } = useTranslation("chats");
  if (onStop) {
    return (
      <Button isIconOnly variant="secondary" aria-label={t("stop")} className="shrink-0 rounded-xl" onPress={onStop}>
        <Square aria-hidden size={14} fill="currentColor" />
      </Button>
    );
  }
  return (
    <Button isIconOnly type="submit" aria-label={t("send")} isDisabled={isEmpty} className="shrink-0 rounded-xl">
      <ArrowUp aria-hidden size={18} />
    </Button>
  );
}

function CompareToggle({ isOn, onToggle }: { isOn: boolean; onToggle: () => void }) {
  const { t } = useTranslation("chats");
  return (
    <Button isIconOnly variant="ghost" aria-label={t("compare.toggle")} aria-pressed={isOn} className={`shrink-0 ${isOn ? "bg-accent-soft text-accent" : "text-muted"}`} onPress={onToggle}>
      <Columns2 aria-hidden size={17} />
    </Button>
  );
}

function lengthOf({ text, pasted }: Draft): number {
  return pasted.reduce((sum, item) => sum + item.text.length, text.length);
}
