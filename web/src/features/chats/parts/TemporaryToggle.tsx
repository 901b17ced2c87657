import { Button } from "@heroui/react";
import { Ghost } from "lucide-react";
import { useTranslation } from "react-i18next";
import { toggleTemporary, useTemporary } from "@/features/chats/temporary";

/** In the top bar of the page on which a chat begins: whether it is to be written down. */
export function TemporaryToggle() {
  const { t } = useTranslation("chats");
  const isOn = useTemporary((state) => state.isOn);
  return (
    <Button size="sm" variant={isOn ? "secondary" : "ghost"} aria-pressed={isOn} className={isOn ? "ms-auto" : "ms-auto text-muted"} onPress={toggleTemporary}>
      <Ghost aria-hidden size={16} />
      {t("temporary")}
    </Button>
  );
}
