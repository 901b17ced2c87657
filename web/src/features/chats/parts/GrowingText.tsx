import { type ClipboardEventHandler, type DragEventHandler, type KeyboardEventHandler, type Ref, useImperativeHandle, useLayoutEffect, useRef } from "react";

interface GrowingTextProps {
  value: string;
  label: string;
  placeholder: string;
  onChange: (text: string) => void;
  onKeyDown: KeyboardEventHandler;
  onPaste?: ClipboardEventHandler;
  onDrop?: DragEventHandler;
  /** Up to two thirds of the screen instead. */
  isTall?: boolean;
  ref: Ref<HTMLTextAreaElement | null>;
}

const growsItself = typeof CSS !== "undefined" && CSS.supports("field-sizing", "content");

/** A text box as high as its text, up to a third of the screen. */
export function GrowingText({ value, label, placeholder, onChange, onKeyDown, onPaste, onDrop, isTall, ref }: GrowingTextProps) {
  const box = useRef<HTMLTextAreaElement>(null);
  useImperativeHandle<HTMLTextAreaElement | null, HTMLTextAreaElement | null>(ref, () => box.current, []);
  useLayoutEffect(() => {
    const element = box.current;
    if (growsItself || element?.value !== value) return;
    element.style.height = "auto";
    element.style.height = `${element.scrollHeight}px`;
  }, [value]);
  return (
    <textarea
      ref={box}
      rows={1}
      aria-label={label}
      placeholder={placeholder}
      value={value}
      onChange={({ target }) => onChange(target.value)}
      onKeyDown={onKeyDown}
      onPaste={onPaste}
      onDrop={onDrop}
      className={`block ${isTall ? "max-h-[66dvh]" : "max-h-[34dvh]"} min-h-11 w-full resize-none bg-transparent px-2.5 py-2.5 text-base leading-normal outline-none [field-sizing:content] placeholder:text-(--field-placeholder)`}
    />
  );
}
