import { Button } from "@heroui/react";
import { ArrowUp, Square } from "lucide-react";
import { type ClipboardEvent, type DragEvent, type KeyboardEvent, memo, type Ref, useImperativeHandle, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { newId } from "@/api/ids";
import { useMe } from "@/api/session";
import type { Params } from "@/api/types";
import { draftKey, newChat } from "@/features/chats/drafts";
import { becomesChip, inlined } from "@/features/chats/paste";
import { useDraft } from "@/features/chats/useDraft";
import { ModelPicker } from "@/features/models/ModelPicker";
import { GrowingText } from "./GrowingText";
import { ParamsPopover } from "./ParamsPopover";
import { PasteChip } from "./PasteChip";

export interface ComposerHandle {
  focus: () => void;
  /** Puts `text` into the box, after what is there. */
  fill: (text: string) => void;
}

export interface Written {
  content: string;
  model: string | null;
  params: Params;
}

interface ComposerProps {
  /** Absent while the chat is yet to be made. */
  chatId?: string;
  /** The model used unless another is picked here. */
  model: string | null;
  /** The chat's own parameters; for a new chat the draft holds them. */
  params?: Params;
  onParams?: (params: Params) => void;
  onSend: (written: Written) => void;
  /** Stops the answer under way; absent when none is. */
  onStop?: () => void;
  ref?: Ref<ComposerHandle>;
}

const isTouch = () => matchMedia("(pointer: coarse)").matches;

/** Where a question is written. Nothing typed here renders anything else. */
export const Composer = memo(function Composer({ chatId, model, params, onParams, onSend, onStop, ref }: ComposerProps) {
  const { t } = useTranslation("chats");
  const { id: userId } = useMe();
  const [draft, change] = useDraft(draftKey(userId, chatId ?? newChat));
  const [isTooEarly, setTooEarly] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const chosen = draft.model ?? model;
  const isEmpty = draft.pasted.length === 0 && draft.text.trim() === "";

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
    if (isEmpty) return;
    if (onStop) {
      setTooEarly(true);
      return;
    }
    setTooEarly(false);
    const content = inlined(draft.text, draft.pasted);
    change({ text: "", pasted: [], model: null, params: {} });
    onSend({ content, model: chosen, params: draft.params });
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
      <div className="flex items-center gap-1">
        <ModelPicker variant="ghost" value={chosen} onChange={(id) => change({ model: id })} className="max-w-64 px-2.5 text-muted" />
        <ParamsPopover params={onParams ? (params ?? {}) : draft.params} onChange={onParams ?? ((next) => change({ params: next }))} />
        <p role="status" className="min-w-0 flex-1 truncate px-1 text-end text-xs text-muted">
          {isTooEarly && onStop ? t("tooBusyToSend") : ""}
        </p>
        <SendButton isEmpty={isEmpty} onStop={onStop} />
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
