import { Button } from "@heroui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArrowDown } from "lucide-react";
import { useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState, type Ref } from "react";
import { useTranslation } from "react-i18next";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import type { Message } from "@/api/types";
import { type Outgoing, useOutbox } from "@/features/chats/outbox";
import { loadMessagesAbove } from "@/features/chats/queries";
import { asMessage } from "@/features/chats/send";
import { AssistantMessage } from "./AssistantMessage";
import { LoadAbove } from "./LoadAbove";
import { Unsent } from "./Unsent";
import { useSticky } from "./useSticky";
import { UserMessage } from "./UserMessage";
import { Waiting } from "./Waiting";

type Row =
  | { key: string; kind: "message"; message: Message; isLast: boolean }
  | { key: string; kind: "outgoing"; item: Outgoing }
  | { key: string; kind: "waiting"; model: string | null };

export interface ThreadHandle {
  toEnd: () => void;
}

interface ThreadProps {
  chatId: string;
  messages: readonly Message[];
  hasMore: boolean;
  /** Puts the text of an unsent question back into the text box. */
  onTakeBack: (item: Outgoing) => void;
  ref: Ref<ThreadHandle>;
}

/** Distance from the top, in pixels, at which the page above is fetched. */
const fetchWithin = 800;

function useRows(chatId: string, messages: readonly Message[]): Row[] {
  const items = useOutbox((outbox) => outbox.items);
  return useMemo(() => {
    const known = new Set(messages.map(({ id }) => id));
    const unsent = items.filter((item) => item.chatId === chatId && !known.has(item.id));
    const rows: Row[] = messages.map((message, index) => ({
      key: message.id,
      kind: "message",
      message,
      isLast: unsent.length === 0 && index === messages.length - 1,
    }));
    for (const item of unsent) rows.push({ key: item.id, kind: "outgoing", item });
    const last = unsent.at(-1);
    if (last?.state === "sending") rows.push({ key: "waiting", kind: "waiting", model: last.model });
    return rows;
  }, [chatId, items, messages]);
}

/** Whether this render puts rows above those of the last one. */
function useShift(rows: readonly Row[]): boolean {
  const first = rows[0]?.key;
  const [before, setBefore] = useState(first);
  const isLonger = before !== undefined && first !== before && rows.some(({ key }) => key === before);
  // The list needs to know it in the very render that adds the rows, and the one after it not.
  // oxlint-disable-next-line react/set-state-in-effect
  useLayoutEffect(() => setBefore(first), [first]);
  return isLonger;
}

/** The messages of a chat: only those in view are there, older pages come as one scrolls up. */
export function Thread({ chatId, messages, hasMore, onTakeBack, ref }: ThreadProps) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const rows = useRows(chatId, messages);
  const shift = useShift(rows);
  const list = useRef<VirtualizerHandle>(null);
  const { box: scroller, isStuck, toEnd } = useSticky();
  const above = useMutation({ mutationFn: () => loadMessagesAbove(client, chatId) });
  const { mutate: fetchAbove, isPending, isError } = above;
  useImperativeHandle(ref, () => ({ toEnd }), [toEnd]);

  useLayoutEffect(() => {
    list.current?.scrollToIndex(Number.MAX_SAFE_INTEGER, { align: "end" });
  }, []);

  // After a failure only the person tries again: scrolling would hammer a server in trouble.
  const mayFetch = hasMore && !isPending && !isError;
  const fetchWhenNear = (offset: number) => {
    if (mayFetch && offset < fetchWithin) fetchAbove();
  };
  useEffect(() => {
    const element = scroller.current;
    const isShort = rows.length > 0 && element !== null && element.scrollHeight <= element.clientHeight + fetchWithin;
    if (mayFetch && isShort) fetchAbove();
  }, [mayFetch, rows, scroller, fetchAbove]);

  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {/* Reached by keyboard to be scrolled by it. */}
      <div
        ref={scroller}
        role="log"
        aria-live="off"
        aria-label={t("log")}
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-4 [overflow-anchor:none] focus-visible:outline-offset-[-2px] md:px-6"
      >
        <div>
          <LoadAbove isLoading={isPending} isFailed={isError} onRetry={fetchAbove} />
          <Virtualizer ref={list} scrollRef={scroller} data={rows} shift={shift} startMargin={48} bufferSize={600} onScroll={fetchWhenNear}>
            {(row) => (
              <div key={row.key} className="mx-auto w-full max-w-column pb-4">
                <RowContent row={row} onTakeBack={onTakeBack} />
              </div>
            )}
          </Virtualizer>
        </div>
      </div>
      {isStuck ? null : (
        <Button
          isIconOnly
          variant="outline"
          size="sm"
          aria-label={t("toLatest")}
          className="absolute bottom-3 left-1/2 -translate-x-1/2 rounded-full bg-overlay shadow-(--overlay-shadow)"
          onPress={toEnd}
        >
          <ArrowDown aria-hidden size={16} />
        </Button>
      )}
    </div>
  );
}

function RowContent({ row, onTakeBack }: { row: Row; onTakeBack: (item: Outgoing) => void }) {
  if (row.kind === "waiting") return <Waiting model={row.model} />;
  if (row.kind === "outgoing") {
    return (
      <>
        <UserMessage message={asMessage(row.item, null)} isPending={row.item.state === "sending"} />
        {row.item.state === "failed" ? <Unsent item={row.item} onTakeBack={onTakeBack} /> : null}
      </>
    );
  }
  const { message, isLast } = row;
  if (message.role === "user") return <UserMessage message={message} />;
  return <AssistantMessage message={message} isLast={isLast} />;
}
