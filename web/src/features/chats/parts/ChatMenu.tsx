import { Dropdown, Separator } from "@heroui/react";
import { useQueryClient } from "@tanstack/react-query";
import type { ComponentProps, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ChatSummary } from "@/api/types";
import { chatActs } from "@/features/chats/chatActs";
import { MenuActItem } from "@/ui/IconMenu";

/** What can be done with a chat that is written down nowhere. */
const forTemporary = new Set(["rename", "markdown", "json", "delete"]);

interface ChatMenuProps {
  chat: ChatSummary;
  /** It is in no list, and nobody else sees it. */
  isTemporary?: boolean;
  className?: string;
  placement?: ComponentProps<typeof Dropdown.Popover>["placement"];
  children: ReactNode;
}

/** What can be done with a chat, behind the button `children`. */
export function ChatMenu({ chat, isTemporary = false, className, placement = "bottom end", children }: ChatMenuProps) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const acts = chatActs(client, chat, t).filter(({ id }) => !isTemporary || forTemporary.has(id));
  const [plain, danger] = [acts.filter(({ isDanger }) => !isDanger), acts.filter(({ isDanger }) => isDanger)];
  return (
    <Dropdown>
      <Dropdown.Trigger aria-label={t("actions", { title: chat.title })} className={className}>
        {children}
      </Dropdown.Trigger>
      <Dropdown.Popover placement={placement} className="min-w-52">
        <Dropdown.Menu aria-label={t("actions", { title: chat.title })} onAction={(key) => acts.find(({ id }) => id === key)?.run()}>
          <Dropdown.Section aria-label={t("actions", { title: chat.title })}>{plain.map(MenuActItem)}</Dropdown.Section>
          <Separator />
          <Dropdown.Section aria-label={t("delete")}>{danger.map(MenuActItem)}</Dropdown.Section>
        </Dropdown.Menu>
      </Dropdown.Popover>
    </Dropdown>
  );
}
