import { Button, Drawer } from "@heroui/react";
import { X } from "lucide-react";
import { useTranslation } from "react-i18next";
import { SidebarContent } from "./Sidebar";
import { useLayout } from "./layout";

/** The sidebar of phones: slides in from the edge, closes with Esc, a tap outside or a choice. */
export function DrawerMenu() {
  const { t } = useTranslation("shell");
  const { isDrawerOpen, set } = useLayout();
  const close = () => set({ isDrawerOpen: false });
  return (
    <Drawer.Backdrop isOpen={isDrawerOpen} onOpenChange={(isOpen) => set({ isDrawerOpen: isOpen })}>
      <Drawer.Content placement="left">
        <Drawer.Dialog aria-label={t("sidebar")} className="bg-surface-secondary p-0">
          <SidebarContent
            onNavigate={close}
            headerAction={
              <Button isIconOnly variant="ghost" aria-label={t("closeMenu")} onPress={close}>
                <X aria-hidden />
              </Button>
            }
          />
        </Drawer.Dialog>
      </Drawer.Content>
    </Drawer.Backdrop>
  );
}
