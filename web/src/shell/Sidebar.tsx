import { Button } from "@heroui/react";
import { Link } from "@tanstack/react-router";
import { Command as CommandIcon, PanelLeftClose, SquarePen } from "lucide-react";
import { Suspense, lazy } from "react";
import { useTranslation } from "react-i18next";
import { Brand } from "@/ui/Brand";
import { ButtonLink } from "@/ui/ButtonLink";
import { usePrefs } from "@/ui/prefs";
import { AccountMenu } from "./AccountMenu";
import { BellSlot } from "./BellSlot";
import { useLayout } from "./layout";

const ChatList = lazy(() => import("@/features/chats/ChatList").then(({ ChatList: List }) => ({ default: List })));

/** The sidebar of wide screens. */
export function Sidebar() {
  const { t } = useTranslation("shell");
  const setSidebarOpen = usePrefs((prefs) => prefs.setSidebarOpen);
  return (
    <aside aria-label={t("sidebar")} className="hidden w-72 shrink-0 border-e border-border bg-surface-secondary md:block">
      <SidebarContent
        headerAction={
          <div className="flex items-center gap-0.5">
            <BellSlot size="sm" />
            <Button isIconOnly variant="ghost" size="sm" aria-label={t("collapseSidebar")} onPress={() => setSidebarOpen(false)}>
              <PanelLeftClose aria-hidden />
            </Button>
          </div>
        }
      />
    </aside>
  );
}

interface SidebarContentProps {
  /** Called when a link leads away, so that a drawer may close. */
  onNavigate?: () => void;
  headerAction: React.ReactNode;
}

/** What sidebar and drawer share: brand, new chat, search, the chats, the account. */
export function SidebarContent({ onNavigate, headerAction }: SidebarContentProps) {
  const { t } = useTranslation("shell");
  const set = useLayout((layout) => layout.set);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <div className="flex h-14 shrink-0 items-center justify-between ps-4 pe-2.5">
        <Link to="/" onClick={onNavigate} className="flex items-center rounded-md pointer-coarse:min-h-11">
          <Brand />
        </Link>
        {headerAction}
      </div>
      <div className="flex shrink-0 items-center gap-1 px-2.5 pt-1 pb-2">
        <ButtonLink to="/" variant="outline" className="min-w-0 flex-1 justify-start bg-surface px-3" onClick={onNavigate}>
          <SquarePen aria-hidden />
          {t("newChat")}
        </ButtonLink>
        <Button
          isIconOnly
          variant="ghost"
          className="shrink-0 text-muted"
          aria-label={t("openPalette")}
          onPress={() => {
            onNavigate?.();
            set({ isPaletteOpen: true });
          }}
        >
          <CommandIcon aria-hidden size={17} />
        </Button>
      </div>
      <div className="flex min-h-0 flex-1 flex-col">
        <Suspense>
          <ChatList onNavigate={onNavigate} />
        </Suspense>
      </div>
      <div className="shrink-0 border-t border-border p-2">
        <AccountMenu onNavigate={onNavigate} />
      </div>
    </div>
  );
}
