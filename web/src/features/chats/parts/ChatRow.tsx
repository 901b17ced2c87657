import { Link } from "@tanstack/react-router";
import { MoreHorizontal, Pin } from "lucide-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { ChatSummary } from "@/api/types";
import { ChatMenu } from "./ChatMenu";
import { LiveDot } from "./LiveDot";

interface ChatRowProps {
  chat: ChatSummary;
  isRunning: boolean;
  onNavigate?: () => void;
}

/** One chat in the list: its title, whether it is answering or has news, and its menu. */
export const ChatRow = memo(function ChatRow({ chat, isRunning, onNavigate }: ChatRowProps) {
  const { t } = useTranslation("chats");
  return (
    <div className="group/row relative">
      <Link
        to="/chat/$chatId"
        params={{ chatId: chat.id }}
        onClick={onNavigate}
        preload={false}
        className="flex h-9 items-center gap-2 rounded-lg ps-3 pe-9 text-sm transition-colors duration-75 group-hover/row:bg-default aria-[current=page]:bg-surface-tertiary aria-[current=page]:font-medium pointer-coarse:h-11 pointer-coarse:pe-11"
      >
        {chat.pinned ? <Pin aria-hidden size={13} className="shrink-0 text-muted" /> : null}
        <span className="min-w-0 flex-1 truncate" title={chat.title}>
          {chat.title}
        </span>
        {isRunning ? (
          <>
            <LiveDot />
            <span className="sr-only">{t("running")}</span>
          </>
        ) : chat.unread ? (
          <>
            <span aria-hidden className="size-2 shrink-0 rounded-full bg-accent" />
            <span className="sr-only">{t("unread")}</span>
          </>
        ) : null}
      </Link>
      <ChatMenu
        chat={chat}
        className="absolute end-1 top-1 grid size-7 place-items-center rounded-md text-muted opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 hover:bg-surface-tertiary hover:text-foreground aria-expanded:opacity-100 data-pressed:transform-none pointer-coarse:top-0 pointer-coarse:size-11 pointer-coarse:opacity-100"
      >
        <MoreHorizontal aria-hidden size={16} />
      </ChatMenu>
    </div>
  );
});
