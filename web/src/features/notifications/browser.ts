// The browser's own notifications: asked for on a press, never by the page itself; shown only while
// nobody looks at the tab. Phones have none without a push service, which Sangam does not use.
import { create } from "zustand";
import { persist } from "zustand/middleware";

/** `blocked`: the browser will not ask again; only its own settings can change that. */
export type BrowserState = "unsupported" | "off" | "on" | "blocked";

type Permission = NotificationPermission | "missing";

interface Wish {
  isWanted: boolean;
  permission: Permission;
}

function permissionNow(): Permission {
  return typeof Notification === "undefined" ? "missing" : Notification.permission;
}

/** The wish is remembered on the device; the permission is the browser's own. */
const useWish = create<Wish>()(
  persist((): Wish => ({ isWanted: false, permission: permissionNow() }), {
    name: "sangam.browserNotifications",
    partialize: ({ isWanted }) => ({ isWanted }),
  }),
);

function stateOf({ isWanted, permission }: Wish): BrowserState {
  if (permission === "missing") return "unsupported";
  if (permission === "denied") return "blocked";
  return isWanted && permission === "granted" ? "on" : "off";
}

export function useBrowserState(): BrowserState {
  return useWish(stateOf);
}

/** To be called from a press: asks for permission where there is none yet. */
export async function setBrowserNotifications(isOn: boolean): Promise<void> {
  if (isOn && permissionNow() === "default") await Notification.requestPermission();
  useWish.setState({ isWanted: isOn, permission: permissionNow() });
}

export interface BrowserNote {
  /** Tabs of one browser that use the same show it once. */
  tag: string;
  title: string;
  body: string;
  onPress: () => void;
}

/** Shows it where that is wanted and allowed. */
export function showBrowserNote({ tag, title, body, onPress }: BrowserNote): void {
  if (stateOf(useWish.getState()) !== "on") return;
  try {
    const shown = new Notification(title, { tag, body, icon: "/favicon.svg", lang: document.documentElement.lang });
    shown.addEventListener("click", () => {
      window.focus();
      shown.close();
      onPress();
    });
  } catch {
    // Chrome on Android has the name and not the thing.
  }
}
