import { Button } from "@heroui/react";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { changeEdited, endEditing } from "@/features/chats/editing";
import { GrowingText } from "./GrowingText";

interface EditBoxProps {
  text: string;
  label: string;
  saveLabel: string;
  /** What becomes of the message as it was. */
  note: string;
  /** True when it is stored. */
  onSave: (text: string) => Promise<boolean>;
}

/** A message while it is put in other words. */
export default function EditBox({ text, label, saveLabel, note, onSave }: EditBoxProps) {
  const { t } = useTranslation("chats");
  const box = useRef<HTMLTextAreaElement>(null);
  const [isPending, setPending] = useState(false);
  const isEmpty = text.trim() === "";
  useEffect(() => {
    const element = box.current;
    element?.focus({ preventScroll: true });
    element?.setSelectionRange(element.value.length, element.value.length);
  }, []);
  const save = async () => {
    if (isEmpty || isPending) return;
    setPending(true);
    const isStored = await onSave(text.trim());
    setPending(false);
    if (isStored) endEditing();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.keyCode === 229) return;
    const isSend = event.key === "Enter" && (event.ctrlKey || event.metaKey);
    if (!isSend && event.key !== "Escape") return;
    // Escape would stop an answer under way, too.
    event.preventDefault();
    event.stopPropagation();
    if (isSend) void save();
    else endEditing();
  };
  return (
    <form
      className="w-full rounded-2xl border border-(--field-border) bg-field px-1.5 pt-1 pb-1.5 focus-within:border-accent"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <GrowingText ref={box} value={text} label={label} placeholder="" isTall onChange={changeEdited} onKeyDown={onKeyDown} />
      <div className="flex flex-wrap items-center justify-end gap-1.5 ps-2.5">
        <p className="min-w-0 flex-1 basis-48 text-xs text-muted">{note}</p>
        <Button size="sm" variant="ghost" onPress={endEditing}>
          {t("cancel", { ns: "common" })}
        </Button>
        <Button size="sm" type="submit" isDisabled={isEmpty} aria-busy={isPending}>
          {saveLabel}
        </Button>
      </div>
    </form>
  );
}
