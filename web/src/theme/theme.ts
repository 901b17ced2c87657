import { useSyncExternalStore } from "react";

/** What the person chose; `system` follows the device. */
export const themes = ["light", "dark", "system"] as const;
export type Theme = (typeof themes)[number];

const storageKey = "sangam.theme";
const barColours = { light: "#fbf9f6", dark: "#0f141d" };
const listeners = new Set<() => void>();
const systemDark = matchMedia("(prefers-color-scheme: dark)");

function read(): Theme {
  try {
    const value = localStorage.getItem(storageKey);
    return themes.find((theme) => theme === value) ?? "system";
  } catch {
    return "system";
  }
}

let chosen = read();

function paint(): void {
  const dark = chosen === "dark" || (chosen === "system" && systemDark.matches);
  const shown = dark ? "dark" : "light";
  document.documentElement.dataset["theme"] = shown;
  document.querySelector('meta[name="theme-color"]')?.setAttribute("content", barColours[shown]);
  for (const listener of listeners) listener();
}

/** Shows `theme` and remembers it on this device. */
export function setTheme(theme: Theme): void {
  chosen = theme;
  try {
    localStorage.setItem(storageKey, theme);
  } catch {
    // Storage is closed: the choice lasts as long as the page.
  }
  paint();
}

/** Repaints when the device changes between day and night. The first paint is index.html's. */
export function followSystemTheme(): void {
  systemDark.addEventListener("change", paint);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The person's choice: light, dark or system. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, () => chosen);
}

/** What is on the screen now, for renderers with colours of their own. */
export function useShownTheme(): "light" | "dark" {
  return useSyncExternalStore(subscribe, () =>
    document.documentElement.dataset["theme"] === "dark" ? "dark" : "light",
  );
}
