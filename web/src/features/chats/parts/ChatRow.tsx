import { Link } from "@tanstack/react-router";
import { MoreHorizontal, Pin } from "lucide-react";
import { memo, type MouseEvent } from "react";
import { useTranslation } from "react-i18next";
import type { ChatSummary } from "@/api/types";
import { startDrag } from "@/features/chats/sidebar/drag";
import { beginChoosing } from "@/features/chats/sidebar/state";
import { ChatMenu } from "./ChatMenu";
import { LiveDot } from "./LiveDot";

interface ChatRowProps {
  chat: ChatSummary;
  isRunning: boolean;
  /** How deep in folders it stands. */
  depth?: number;
  onNavigate?: () => void;
}

/** The look of a row's menu button: there when the row is pointed at, or always under a finger. */
export const rowMenuLook =
  "absolute end-1 top-1 grid size-7 place-items-center rounded-md text-muted opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 hover:bg-surface-tertiary hover:text-foreground aria-expanded:opacity-100 data-pressed:transform-none pointer-coarse:top-0 pointer-coarse:size-11 pointer-coarse:opacity-100";

/** One chat in the list: its title, whether it is answering or has news, its tags, and its menu. */
export const ChatRow = memo(function ChatRow({ chat, isRunning, depth = 0, onNavigate }: ChatRowProps) {
  const open = (event: MouseEvent) => {
    // As in lists of files and mails: with Ctrl or Shift a press chooses.
    if (event.ctrlKey || event.metaKey || event.shiftKey) {
      event.preventDefault();
      beginChoosing([chat.id]);
    } else onNavigate?.();
  };
  return (
    <div className="group/row relative" style={{ marginInlineStart: `${depth * 0.9}rem` }}>
      <Link
        to="/chat/$chatId"
        params={{ chatId: chat.id }}
        onClick={open}
        preload={false}
        draggable
        onDragStart={(event) => startDrag(event, chat.id)}
        className="flex min-h-9 flex-col justify-center rounded-lg ps-3 pe-9 py-1 text-sm transition-colors duration-75 group-hover/row:bg-default aria-[current=page]:bg-surface-tertiary aria-[current=page]:font-medium pointer-coarse:min-h-11 pointer-coarse:pe-11"
      >
        <ChatLine chat={chat} isRunning={isRunning} />
      </Link>
      <ChatMenu
        chat={chat}
        className={rowMenuLook}
      >
        <MoreHorizontal aria-hidden size={16} />
      </ChatMenu>
    </div>
  );
});

/** Title and tags of a chat, as a link and as a choice show them. */
export function ChatLine({ chat, isRunning }: { chat: ChatSummary; isRunning: boolean }) {
  const { t } = useTranslation("chats");
  const { title, pinned, unread, tags } = chat;
  return (
    <>
      <span className="flex min-w-0 items-center gap-2">
        {pinned ? <Pin aria-hidden size={13} className="shrink-0 text-muted" /> : null}
        <span className={`min-w-0 flex-1 truncate ${unread ? "font-semibold" : ""}`} title={title}>
          {title}
        </span>
        {isRunning ? (
          <>
            <LiveDot />
            <span className="sr-only">{t("running")}</span>
          </>
        ) : unread ? (
          <>
            <span aria-hidden className="size-2 shrink-0 rounded-full bg-accent" />
            <span className="sr-only">{t("unread")}</span>
          </>
        ) : null}
      </span>
      {tags.length > 0 ? (
        <span className="flex min-w-0 gap-1 overflow-hidden pb-0.5">
          {tags.map((tag) => (
            <span key={tag} className="max-w-32 shrink-0 truncate rounded-full border border-border bg-surface px-1.5 text-[0.6875rem] leading-4 font-normal text-muted">
              {tag}
            </span>
          ))}
        </span>
      ) : null}
    </>
  );
}
