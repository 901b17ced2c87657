import { Outlet, useLocation } from "@tanstack/react-router";
import { Suspense, lazy, useEffect, useRef, useState } from "react";
import { useRealtime } from "@/realtime/realtime";
import { usePrefs } from "@/ui/prefs";
import { PageBarTarget } from "@/ui/PageBar";
import { DrawerMenu } from "./DrawerMenu";
import { ReachabilityNotice } from "./ReachabilityNotice";
import { Sidebar } from "./Sidebar";
import { SkipLink } from "./SkipLink";
import { TopBar } from "./TopBar";
import { useLayout } from "./layout";
import { useShellCommands } from "./shellCommands";
import { useShortcuts } from "./useShortcuts";

const LiveChats = lazy(() => import("@/features/chats/LiveChats").then(({ LiveChats: Live }) => ({ default: Live })));
const LiveNotifications = lazy(() => import("@/features/notifications/LiveNotifications").then(({ LiveNotifications: Live }) => ({ default: Live })));
const Palette = lazy(() => import("./Palette"));
const ShortcutList = lazy(() => import("./ShortcutList"));

/** The frame of every signed-in page: sidebar, top bar, content, and the panels above them. */
export function AppShell() {
  const [bar, setBar] = useState<HTMLElement | null>(null);
  const isSidebarOpen = usePrefs((prefs) => prefs.isSidebarOpen);
  const { isPaletteOpen, isShortcutListOpen } = useLayout();
  useRealtime();
  useShellCommands();
  useShortcuts();
  const main = useFocusOnNavigation();
  return (
    <PageBarTarget value={bar}>
      <SkipLink />
      <div className="flex h-dvh overflow-hidden">
        {isSidebarOpen ? <Sidebar /> : null}
        <div className="flex min-w-0 flex-1 flex-col">
          <TopBar slotRef={setBar} />
          <ReachabilityNotice />
          <main id="content" ref={main} tabIndex={-1} className="flex min-h-0 flex-1 flex-col overflow-y-auto outline-none">
            <Outlet />
          </main>
        </div>
      </div>
      <DrawerMenu />
      <Suspense>
        <LiveChats />
        <LiveNotifications />
      </Suspense>
      <Suspense>
        {isPaletteOpen ? <Palette /> : null}
        {isShortcutListOpen ? <ShortcutList /> : null}
      </Suspense>
    </PageBarTarget>
  );
}

/**
 * A new page begins at its beginning: when the element that led here is gone or in the sidebar,
 * focus moves to the content, unless the page has taken it (a composer, a form's first field).
 */
function useFocusOnNavigation() {
  const main = useRef<HTMLElement>(null);
  const { pathname } = useLocation();
  const previous = useRef(pathname);
  useEffect(() => {
    if (previous.current === pathname) return;
    previous.current = pathname;
    main.current?.scrollTo({ top: 0 });
    const focused = document.activeElement;
    if (focused === null || focused === document.body) main.current?.focus({ preventScroll: true });
  }, [pathname]);
  return main;
}
