// What the list shows at the moment: the search, the filters, the open folders, the chosen chats.
import { create } from "zustand";
import { persist } from "zustand/middleware";
import type { ListFilter } from "@/features/chats/list";

export type Narrowing = Pick<ListFilter, "tag" | "model" | "from" | "to">;

interface ListState {
  text: string;
  isArchive: boolean;
  narrowing: Narrowing;
  /** The chosen chats; null while nobody is choosing. */
  chosen: ReadonlySet<string> | null;
}

export const useListState = create<ListState>(() => ({ text: "", isArchive: false, narrowing: {}, chosen: null }));

export function isNarrowed(narrowing: Narrowing): boolean {
  return Object.values(narrowing).some((value) => value !== undefined);
}

export function narrow(change: Narrowing): void {
  useListState.setState(({ narrowing }) => ({ narrowing: { ...narrowing, ...change } }));
}

export function showArchive(isArchive: boolean): void {
  useListState.setState({ isArchive, narrowing: {}, chosen: null, text: "" });
}

export function toggleChosen(id: string): void {
  useListState.setState(({ chosen }) => {
    const next = new Set(chosen);
    if (!next.delete(id)) next.add(id);
    return { chosen: next };
  });
}

/** Begins to choose, with `ids` chosen. */
export function beginChoosing(ids: Iterable<string> = []): void {
  useListState.setState({ chosen: new Set(ids) });
}

export function endChoosing(): void {
  useListState.setState({ chosen: null });
}

interface OpenFolders {
  open: readonly string[];
  toggle: (id: string, isOpen: boolean) => void;
}

/** The open folders, remembered on the device. */
export const useOpenFolders = create<OpenFolders>()(
  persist(
    (set) => ({
      open: [],
      toggle: (id, isOpen) => set(({ open }) => ({ open: isOpen ? [...new Set([...open, id])] : open.filter((one) => one !== id) })),
    }),
    { name: "sangam.folders" },
  ),
);
