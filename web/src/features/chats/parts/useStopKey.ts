import { useEffect } from "react";

/** Esc calls `stop`, unless it closes something that is open above the page. */
export function useStopKey(stop: (() => void) | undefined): void {
  useEffect(() => {
    if (!stop) return;
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== "Escape" || event.defaultPrevented || event.isComposing) return;
      if (document.querySelector("[role=dialog], [role=alertdialog], [role=menu]")) return;
      event.preventDefault();
      stop();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, [stop]);
}
