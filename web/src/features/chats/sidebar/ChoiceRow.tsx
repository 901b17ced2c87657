import { memo } from "react";
import type { ChatSummary } from "@/api/types";
import { ChatLine } from "@/features/chats/parts/ChatRow";
import { startDrag } from "./drag";
import { toggleChosen } from "./state";

interface ChoiceRowProps {
  chat: ChatSummary;
  isChosen: boolean;
  isRunning: boolean;
  depth: number;
}

/** A chat while several are being chosen: the whole row is its box to tick. */
export const ChoiceRow = memo(function ChoiceRow({ chat, isChosen, isRunning, depth }: ChoiceRowProps) {
  return (
    // Dragging is an addition for the mouse; the menu below moves the chosen too.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <label
      draggable
      onDragStart={(event) => startDrag(event, chat.id)}
      style={{ marginInlineStart: `${depth * 0.9}rem` }}
      className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded-lg ps-3 pe-3 text-sm hover:bg-default has-checked:bg-accent-soft has-focus-visible:outline-2 has-focus-visible:outline-focus pointer-coarse:min-h-11"
    >
      <input type="checkbox" checked={isChosen} onChange={() => toggleChosen(chat.id)} className="size-4 shrink-0 accent-accent outline-none" />
      <span className="flex min-w-0 flex-1 flex-col justify-center py-1">
        <ChatLine chat={chat} isRunning={isRunning} />
      </span>
    </label>
  );
});
