import { ChevronDown } from "lucide-react";
import type { Chat } from "@/api/types";
import { summaryOf } from "@/features/chats/queries";
import { ChatMenu } from "./ChatMenu";

/** The open chat's title in the top bar; it opens what can be done with the chat. */
export function ChatTitle({ chat }: { chat: Chat }) {
  return (
    <ChatMenu
      chat={summaryOf(chat)}
      isTemporary={chat.temporary}
      placement="bottom start"
      className="flex h-9 min-w-0 items-center gap-1.5 rounded-lg px-2.5 hover:bg-default data-pressed:transform-none pointer-coarse:h-11"
    >
      <span className="truncate text-sm font-medium">{chat.title}</span>
      <ChevronDown aria-hidden size={15} className="shrink-0 text-muted" />
    </ChatMenu>
  );
}
