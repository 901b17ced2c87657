import { create } from "zustand";
import { persist } from "zustand/middleware";

interface Prefs {
  /** Whether shortcuts without Ctrl or Cmd work (WCAG 2.1.4 asks for a way to turn them off). */
  singleKeys: boolean;
  isSidebarOpen: boolean;
  setSingleKeys: (on: boolean) => void;
  setSidebarOpen: (isOpen: boolean) => void;
}

/** Small choices of one person on one device. */
export const usePrefs = create<Prefs>()(
  persist(
    (set) => ({
      singleKeys: true,
      isSidebarOpen: true,
      setSingleKeys: (singleKeys) => set({ singleKeys }),
      setSidebarOpen: (isSidebarOpen) => set({ isSidebarOpen }),
    }),
    { name: "sangam.prefs" },
  ),
);
