import { Dropdown, Label } from "@heroui/react";
import { useQueryClient } from "@tanstack/react-query";
import { Archive, ArchiveRestore, type LucideIcon, Pencil, Pin, PinOff, Trash2 } from "lucide-react";
import { type ComponentProps, lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChatSummary } from "@/api/types";
import { archiveChat, pinChat } from "@/features/chats/actions";

const RenameDialog = lazy(() => import("./RenameDialog"));
const DeleteDialog = lazy(() => import("./DeleteDialog"));

interface ChatMenuProps {
  chat: ChatSummary;
  className?: string;
  placement?: ComponentProps<typeof Dropdown.Popover>["placement"];
  children: ReactNode;
}

/** What can be done with a chat, behind the button `children`. */
export function ChatMenu({ chat, className, placement = "bottom end", children }: ChatMenuProps) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const [asked, setAsked] = useState<"rename" | "delete" | null>(null);
  const act = (key: string) => {
    if (key === "pin") void pinChat(client, chat.id, !chat.pinned);
    if (key === "archive") void archiveChat(client, chat, !chat.archived);
    if (key === "rename" || key === "delete") setAsked(key);
  };
  const close = () => setAsked(null);
  return (
    <>
      <Dropdown>
        <Dropdown.Trigger aria-label={t("actions", { title: chat.title })} className={className}>
          {children}
        </Dropdown.Trigger>
        <Dropdown.Popover placement={placement} className="min-w-48">
          <Dropdown.Menu aria-label={t("actions", { title: chat.title })} onAction={(key) => act(String(key))}>
            <Item id="rename" icon={Pencil} label={t("rename")} />
            <Item id="pin" icon={chat.pinned ? PinOff : Pin} label={t(chat.pinned ? "unpin" : "pin")} />
            <Item id="archive" icon={chat.archived ? ArchiveRestore : Archive} label={t(chat.archived ? "unarchive" : "archive")} />
            <Item id="delete" icon={Trash2} label={t("delete")} isDanger />
          </Dropdown.Menu>
        </Dropdown.Popover>
      </Dropdown>
      <Suspense>
        {asked === "rename" ? <RenameDialog chat={chat} onClose={close} /> : null}
        {asked === "delete" ? <DeleteDialog chat={chat} onClose={close} /> : null}
      </Suspense>
    </>
  );
}

function Item({ id, icon: Icon, label, isDanger = false }: { id: string; icon: LucideIcon; label: string; isDanger?: boolean }) {
  return (
    <Dropdown.Item id={id} textValue={label} variant={isDanger ? "danger" : "default"}>
      <Icon aria-hidden size={16} className={isDanger ? "text-danger" : "text-muted"} />
      <Label>{label}</Label>
    </Dropdown.Item>
  );
}
