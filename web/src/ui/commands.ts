import type { LucideIcon } from "lucide-react";
import { useEffect } from "react";
import { create } from "zustand";

/** The headings of the palette and of the list of shortcuts, in their order. */
export const commandGroups = ["chat", "go", "appearance", "help", "account"] as const;
export type CommandGroup = (typeof commandGroups)[number];

/** One thing a person can do; menu, palette and shortcut all read this object. */
export interface Command {
  /** Stable name, `feature.verb`. */
  id: string;
  /** Translated. */
  title: string;
  group: CommandGroup;
  icon?: LucideIcon;
  /** `mod+k` (Ctrl or Cmd), `mod+shift+o`, a single key such as `?`, or a sequence `g s`. */
  keys?: string;
  /** Other words people may type for it in the palette. */
  words?: string;
  run: () => void;
}

interface Commands {
  sets: ReadonlyMap<symbol, readonly Command[]>;
  add: (owner: symbol, commands: readonly Command[]) => void;
  remove: (owner: symbol) => void;
}

export const useCommandStore = create<Commands>((set) => ({
  sets: new Map(),
  add: (owner, commands) => set(({ sets }) => ({ sets: new Map(sets).set(owner, commands) })),
  remove: (owner) =>
    set(({ sets }) => {
      const rest = new Map(sets);
      rest.delete(owner);
      return { sets: rest };
    }),
}));

/** Offers `commands` while the caller is mounted. Pass a memoised array. */
export function useCommands(commands: readonly Command[]): void {
  const add = useCommandStore((state) => state.add);
  const remove = useCommandStore((state) => state.remove);
  useEffect(() => {
    const owner = Symbol("commands");
    add(owner, commands);
    return () => remove(owner);
  }, [commands, add, remove]);
}

/** Every command on offer, grouped in order. */
export function allCommands(sets: Commands["sets"]): Command[] {
  const commands = [...sets.values()].flat();
  return commands.toSorted((a, b) => commandGroups.indexOf(a.group) - commandGroups.indexOf(b.group));
}
