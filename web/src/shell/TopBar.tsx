import { Button } from "@heroui/react";
import { Menu, PanelLeftOpen, SquarePen } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ButtonLink } from "@/ui/ButtonLink";
import { usePrefs } from "@/ui/prefs";
import { BellLinkSlot, BellSlot } from "./BellSlot";
import { useLayout } from "./layout";

/** The bar above the content: the way to the menu, and room for the page's own controls. */
export function TopBar({ slotRef }: { slotRef: (element: HTMLElement | null) => void }) {
  const { t } = useTranslation("shell");
  const { isDrawerOpen, set } = useLayout();
  const { isSidebarOpen, setSidebarOpen } = usePrefs();
  return (
    <header className="flex h-14 shrink-0 items-center gap-1 px-2 md:px-3">
      <Button
        isIconOnly
        variant="ghost"
        className="md:hidden"
        aria-label={t("openMenu")}
        aria-expanded={isDrawerOpen}
        onPress={() => set({ isDrawerOpen: true })}
      >
        <Menu aria-hidden />
      </Button>
      {isSidebarOpen ? null : (
        <Button isIconOnly variant="ghost" className="max-md:hidden" aria-label={t("expandSidebar")} onPress={() => setSidebarOpen(true)}>
          <PanelLeftOpen aria-hidden />
        </Button>
      )}
      <div ref={slotRef} className="flex min-w-0 flex-1 items-center gap-2" />
      <BellLinkSlot className="md:hidden" />
      {isSidebarOpen ? null : <BellSlot className="max-md:hidden" />}
      <ButtonLink to="/" variant="ghost" isIconOnly aria-label={t("newChat")} className={isSidebarOpen ? "md:hidden" : undefined}>
        <SquarePen aria-hidden />
      </ButtonLink>
    </header>
  );
}
