import { useEffect } from "react";
import { allCommands, type Command, useCommandStore } from "@/ui/commands";
import { isTyping, pressedKeys } from "@/ui/keys";
import { usePrefs } from "@/ui/prefs";

const sequenceMs = 1_200;

/** Runs the command whose keys are pressed. Text being typed and open dialogs keep their keys. */
export function useShortcuts(): void {
  useEffect(() => {
    const recall = createMemory();
    const onKeyDown = (event: KeyboardEvent) => {
      const keys = pressedKeys(event);
      if (keys === "" || event.defaultPrevented || event.isComposing || event.repeat) return;
      const hasMod = keys.startsWith("mod+");
      if (!hasMod && (!usePrefs.getState().singleKeys || isTyping(event.target))) return;
      const command = recall(keys, allCommands(useCommandStore.getState().sets));
      if (!command || isBlocked(command)) return;
      event.preventDefault();
      command.run();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => window.removeEventListener("keydown", onKeyDown);
  }, []);
}

// A dialog is a world of its own; only the palette's key works in it, to close it again.
function isBlocked(command: Command): boolean {
  return command.id !== "shell.palette" && document.querySelector("[role=dialog],[role=alertdialog]") !== null;
}

/** Remembers the first key of a sequence such as `g s` for a moment. */
export function createMemory(now: () => number = () => performance.now()) {
  let prefix = "";
  let at = 0;
  return (keys: string, commands: readonly Command[]): Command | undefined => {
    const isFresh = prefix !== "" && now() - at < sequenceMs;
    const sequence = isFresh ? `${prefix} ${keys}` : keys;
    prefix = "";
    const found = commands.find((command) => command.keys === sequence) ?? commands.find((command) => command.keys === keys);
    if (!found && commands.some((command) => command.keys?.startsWith(`${keys} `))) {
      prefix = keys;
      at = now();
    }
    return found;
  };
}
