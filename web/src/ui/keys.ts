/** Whether the main modifier is Cmd rather than Ctrl. */
export const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

interface Pressed {
  key: string;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
  shiftKey: boolean;
}

/** A key press in the notation of commands: `mod+k`, `mod+shift+o`, `?`, `g`. */
export function pressedKeys(event: Pressed, apple: boolean = isApple): string {
  const isMod = apple ? event.metaKey : event.ctrlKey;
  const other = apple ? event.ctrlKey : event.metaKey;
  if (event.altKey || other) return "";
  const key = event.key.toLowerCase();
  // For a printed sign such as `?` the shift is a part of the sign.
  const shift = event.shiftKey && (isMod || key.length > 1) ? "shift+" : "";
  return `${isMod ? "mod+" : ""}${shift}${key}`;
}

/** Whether keys typed at `target` are text, so that single-key shortcuts must stay away. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || target.closest("input, textarea, select, [role=listbox], [role=menu]") !== null;
}
