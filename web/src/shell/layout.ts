import { create } from "zustand";

interface Layout {
  isDrawerOpen: boolean;
  isPaletteOpen: boolean;
  isShortcutListOpen: boolean;
  set: (change: Partial<Pick<Layout, "isDrawerOpen" | "isPaletteOpen" | "isShortcutListOpen">>) => void;
}

/** Which of the shell's panels are open. */
export const useLayout = create<Layout>((set) => ({
  isDrawerOpen: false,
  isPaletteOpen: false,
  isShortcutListOpen: false,
  set: (change) => set(change),
}));
