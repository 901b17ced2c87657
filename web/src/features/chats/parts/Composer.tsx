import { Button } from "@heroui/react";
import { ArrowUp, Columns2, Square } from "lucide-react";
import { type ClipboardEvent, type DragEvent, type KeyboardEvent, lazy, memo, type Ref, Suspense, useImperativeHandle, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/session";
import type { Attachment, Params } from "@/api/types";
import { asked, fewest, toggled } from "@/features/chats/comparing";
import { type Draft, draftKey, emptyDraft, newChat } from "@/features/chats/drafts";
import { useFiles } from "@/features/chats/files/useFiles";
import { asFiles, becomesChip, inlined } from "@/features/chats/paste";
import { useDraft } from "@/features/chats/useDraft";
import { ModelPicker } from "@/features/models/ModelPicker";
import { ContextGauge } from "./ContextGauge";
import { GrowingText } from "./GrowingText";
import { ParamsPopover } from "./ParamsPopover";
import { PasteChip } from "./PasteChip";
import { useCompareCommand } from "./useCompareCommand";
import { useSayTyping } from "./useRoom";

const AttachMenu = lazy(() => import("@/features/chats/files/AttachMenu"));
const CompareBar = lazy(() => import("./CompareBar"));
const FileRow = lazy(() => import("@/features/chats/files/FileRow"));

export interface ComposerHandle {
  focus: () => void;
  /** Puts `text` into the box, after what is there. */
  fill: (text: string) => void;
}

export interface Written {
  content: string;
  model: string | null;
  params: Params;
  attachments?: Attachment[];
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
  /** Nothing of it is written down: no draft, no file. */
  isTemporary?: boolean;
  onSend: (written: Written) => void;
  /** Stops the answer under way; absent when none is. */
  onStop?: () => void;
  ref?: Ref<ComposerHandle>;
}

const isTouch = () => matchMedia("(pointer: coarse)").matches;

/** Where a question is written. Nothing typed here renders anything else. */
export const Composer = memo(function Composer({ chatId, model, leafId = null, params, onParams, isTemporary = false, onSend, onStop, ref }: ComposerProps) {
  const { t } = useTranslation("chats");
  const { id: userId } = useMe();
  const [draft, change] = useDraft(isTemporary ? null : draftKey(userId, chatId ?? newChat));
  const [isTooEarly, setTooEarly] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  const chosen = draft.model ?? model;
  const isEmpty = draft.pasted.length === 0 && draft.files.length === 0 && draft.text.trim() === "";
  const { compared } = draft;
  const isShort = compared !== null && compared.length < fewest;
  const sayTyping = useSayTyping(chatId);
  useCompareCommand(compared, chosen, change);

  const files = useFiles(draft, change, isTemporary);
  const isSending = files.uploads.some(({ failure }) => failure === null);
  useImperativeHandle(ref, () => ({
    focus: () => box.current?.focus(),
    fill: (text) => {
      if (becomesChip(text)) files.addPasted(text);
      else change({ text: draft.text.trim() === "" ? text : `${draft.text.trimEnd()}\n\n${text}` });
      box.current?.focus();
    },
  }));

  const send = () => {
    if (isEmpty || isShort || isSending) return;
    if (onStop) {
      setTooEarly(true);
      return;
    }
    setTooEarly(false);
    const written = writtenOf(draft, chosen);
    change(emptyDraft);
    sayTyping(false);
    onSend(written);
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
    // A table that is copied comes as a picture of itself, too: its words are worth more.
    if (data.files?.length > 0 && text === "") files.add([...data.files]);
    else if (becomesChip(text)) files.addPasted(text);
    else return;
    event.preventDefault();
  };

  return (
    <form
      className={`relative mx-auto w-full max-w-column rounded-2xl border ${isTemporary ? "border-dashed" : ""} border-(--field-border) bg-field px-1.5 pt-1 pb-1.5 focus-within:border-accent ${files.isOver ? "border-accent ring-2 ring-accent" : ""}`}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {files.isOver ? (
        <p className="pointer-events-none absolute inset-0 z-10 grid place-items-center rounded-2xl bg-field/90 text-sm font-medium text-accent">{t("files.drop")}</p>
      ) : null}
      {draft.files.length > 0 || files.uploads.length > 0 ? (
        <Suspense fallback={<div className="h-14" />}>
          <FileRow files={draft.files} uploads={files.uploads} onRemove={files.remove} onDrop={files.drop} />
        </Suspense>
      ) : null}
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
          sayTyping(text !== "");
        }}
        onKeyDown={onKeyDown}
        onPaste={(event) => take(event, event.clipboardData)}
        onDrop={(event) => take(event, event.dataTransfer)}
      />
      <div className="flex items-center gap-0.5">
        {isTemporary ? null : (
          <Suspense fallback={<span className="size-9 shrink-0 pointer-coarse:size-11" />}>
            <AttachMenu onFiles={files.add} onStored={files.put} />
          </Suspense>
        )}
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
          {isTooEarly && onStop ? t("tooBusyToSend") : isShort ? t("compare.tooFew") : isSending ? t("files.wait") : ""}
        </p>
        <SendButton isEmpty={isEmpty || isShort || isSending} onStop={onStop} />
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

/** What is sent of a draft. */
function writtenOf({ text, pasted, files, params, compared, isBlind }: Draft, chosen: string | null): Written {
  const { inline, files: asPasted } = asFiles(text, pasted);
  const attachments = [...files, ...asPasted];
  return { content: inlined(text, inline), params, ...(attachments.length > 0 ? { attachments } : {}), ...asked({ compared, isBlind }, chosen) };
}

function lengthOf({ text, pasted }: Draft): number {
  return pasted.reduce((sum, item) => sum + item.text.length, text.length);
}
