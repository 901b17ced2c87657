import { useRouter } from "@tanstack/react-router";
import { Command as CommandIcon, House, Keyboard, LogOut, Monitor, Moon, PanelLeft, Settings, Shield, SquarePen, Sun, Languages } from "lucide-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/session";
import { setLocale } from "@/i18n";
import { setTheme } from "@/theme/theme";
import { type Command, useCommands } from "@/ui/commands";
import { usePrefs } from "@/ui/prefs";
import { useLayout } from "./layout";
import { useSignOut } from "./useSignOut";

/** The commands that every signed-in page offers. */
export function useShellCommands(): void {
  const go = useGoCommands();
  const look = useLookCommands();
  useCommands(useMemo(() => [...go, ...look], [go, look]));
}

function useGoCommands(): Command[] {
  const { t } = useTranslation("shell");
  const router = useRouter();
  const isAdmin = useMe().role === "admin";
  const signOut = useSignOut();
  return useMemo(() => {
    const newChat = () => void router.navigate({ to: "/" });
    const commands: Command[] = [
      { id: "chat.new", title: t("newChat"), group: "chat", icon: SquarePen, keys: "mod+shift+o", words: "start", run: newChat },
      { id: "go.home", title: t("goHome"), group: "go", icon: House, keys: "g h", run: newChat },
      { id: "go.settings", title: t("goSettings"), group: "go", icon: Settings, keys: "g s", words: "password profile account", run: () => void router.navigate({ to: "/settings" }) },
      { id: "account.signOut", title: t("signOut"), group: "account", icon: LogOut, words: "logout log out", run: signOut },
    ];
    if (isAdmin) {
      commands.push({ id: "go.admin", title: t("goAdmin"), group: "go", icon: Shield, keys: "g a", words: "invite registration", run: () => void router.navigate({ to: "/admin" }) });
    }
    return commands;
  }, [t, router, isAdmin, signOut]);
}

function useLookCommands(): Command[] {
  const { t } = useTranslation("shell");
  return useMemo(
    () => [
      { id: "shell.palette", title: t("openPalette"), group: "help", icon: CommandIcon, keys: "mod+k", run: togglePalette },
      { id: "shell.shortcuts", title: t("keyboardShortcuts"), group: "help", icon: Keyboard, keys: "?", run: () => useLayout.getState().set({ isShortcutListOpen: true }) },
      { id: "shell.sidebar", title: t("toggleSidebar"), group: "appearance", icon: PanelLeft, keys: "mod+b", run: toggleSidebar },
      { id: "theme.light", title: t("themeLight"), group: "appearance", icon: Sun, run: () => setTheme("light") },
      { id: "theme.dark", title: t("themeDark"), group: "appearance", icon: Moon, words: "night", run: () => setTheme("dark") },
      { id: "theme.system", title: t("themeSystem"), group: "appearance", icon: Monitor, run: () => setTheme("system") },
      { id: "locale.en", title: "English", group: "appearance", icon: Languages, words: "language bhasha", run: () => void setLocale("en") },
      { id: "locale.hi-Latn", title: "Hinglish", group: "appearance", icon: Languages, words: "language bhasha hindi", run: () => void setLocale("hi-Latn") },
    ],
    [t],
  );
}

function togglePalette(): void {
  const { isPaletteOpen, set } = useLayout.getState();
  set({ isPaletteOpen: !isPaletteOpen });
}

function toggleSidebar(): void {
  const { isSidebarOpen, setSidebarOpen } = usePrefs.getState();
  setSidebarOpen(!isSidebarOpen);
}
