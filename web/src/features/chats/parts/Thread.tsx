import { Button } from "@heroui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArrowDown } from "lucide-react";
import { lazy, Suspense, useEffect, useImperativeHandle, useLayoutEffect, useMemo, useRef, useState, type Ref } from "react";
import { useTranslation } from "react-i18next";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import type { Chat } from "@/api/types";
import { type Outgoing, useOutbox } from "@/features/chats/outbox";
import { loadMessagesAbove } from "@/features/chats/queries";
import { type Row, rowsOf, rowWith, type Shown, useColumns } from "@/features/chats/rows";
import { asMessage } from "@/features/chats/send";
import { AssistantMessage } from "./AssistantMessage";
import { ForkedFrom } from "./ForkedFrom";
import { LoadAbove } from "./LoadAbove";
import { Unsent } from "./Unsent";
import { useSticky } from "./useSticky";
import { UserMessage } from "./UserMessage";
import { Waiting } from "./Waiting";

const Columns = lazy(() => import("./Columns"));
const SummaryCard = lazy(() => import("./SummaryCard"));

/** A message to be looked at; `at` tells two wishes for the same one apart. */
export interface Place {
  messageId: string;
  at: number;
}

export interface ThreadHandle {
  toEnd: () => void;
}

interface ThreadProps {
  chatId: string;
  thread: Shown;
  hasMore: boolean;
  /** What the chat was made from. */
  origin: Chat["origin"] | undefined;
  place: Place | null;
  /** Puts the text of an unsent question back into the text box. */
  onTakeBack: (item: Outgoing) => void;
  ref: Ref<ThreadHandle>;
}

/** Distance from the top, in pixels, at which the page above is fetched. */
const fetchWithin = 800;

function useRows(chatId: string, thread: Shown): Row[] {
  const items = useOutbox((outbox) => outbox.items);
  const open = useColumns((columns) => columns.open);
  return useMemo(() => {
    const known = new Set(thread.messages.map(({ id }) => id));
    const unsent = items.filter((item) => item.chatId === chatId && !known.has(item.id));
    return rowsOf(thread, unsent, open);
  }, [chatId, items, open, thread]);
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
export function Thread({ chatId, thread, hasMore, origin, place, onTakeBack, ref }: ThreadProps) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const rows = useRows(chatId, thread);
  const shift = useShift(rows);
  const list = useRef<VirtualizerHandle>(null);
  const { box: scroller, isStuck, toEnd, letGo } = useSticky();
  const above = useMutation({ mutationFn: () => loadMessagesAbove(client, chatId) });
  const { mutate: fetchAbove, isPending, isError } = above;
  useImperativeHandle(ref, () => ({ toEnd }), [toEnd]);

  useLayoutEffect(() => {
    list.current?.scrollToIndex(Number.MAX_SAFE_INTEGER, { align: "end" });
  }, []);
  const found = useFound(place, rows, (row) => {
    letGo();
    list.current?.scrollToIndex(row, { align: "start", offset: -72 });
  });

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
          <LoadAbove isLoading={isPending} isFailed={isError} onRetry={fetchAbove}>
            {hasMore ? null : <ForkedFrom origin={origin} />}
          </LoadAbove>
          <Virtualizer ref={list} scrollRef={scroller} data={rows} shift={shift} startMargin={48} bufferSize={600} onScroll={fetchWhenNear}>
            {(row) => (
              <div key={row.key} className={`mx-auto w-full pb-4 ${row.kind === "columns" ? "max-w-[100rem]" : "max-w-column"} ${row.key === found ? "found" : ""}`}>
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

const foundMs = 2_500;

/** Goes to the wanted message once it is among the rows; the key of its row for a moment after that. */
function useFound(place: Place | null, rows: readonly Row[], goTo: (row: number) => void): string | null {
  const [found, setFound] = useState<string | null>(null);
  const done = useRef<Place | null>(null);
  useEffect(() => {
    if (place === null || done.current === place) return;
    const row = rowWith(rows, place.messageId);
    if (row < 0) return;
    done.current = place;
    goTo(row);
    // oxlint-disable-next-line react/set-state-in-effect
    setFound(rows[row]?.key ?? null);
  }, [place, rows, goTo]);
  useEffect(() => {
    if (found === null) return;
    const timer = setTimeout(() => setFound(null), foundMs);
    return () => clearTimeout(timer);
  }, [found]);
  return found;
}

function RowContent({ row, onTakeBack }: { row: Row; onTakeBack: (item: Outgoing) => void }) {
  if (row.kind === "waiting") return row.item.models ? <WaitingColumns models={row.item.models} isBlind={row.item.blind} /> : <Waiting model={row.item.model} />;
  if (row.kind === "outgoing") {
    return (
      <>
        <UserMessage message={asMessage(row.item, null)} isPending={row.item.state === "sending"} />
        {row.item.state === "failed" ? <Unsent item={row.item} onTakeBack={onTakeBack} /> : null}
      </>
    );
  }
  if (row.kind === "summary") {
    return (
      <Suspense fallback={<div className="my-2 h-[3.625rem]" />}>
        <SummaryCard summary={row.summary} isTold={row.isTold} />
      </Suspense>
    );
  }
  if (row.kind === "columns") {
    return (
      <Suspense fallback={<AssistantMessage message={row.active} isLast={row.isLast} />}>
        <Columns comparison={row.comparison} active={row.active} isLast={row.isLast} />
      </Suspense>
    );
  }
  const { message, isLast, compared } = row;
  if (message.role === "user") return <UserMessage message={message} />;
  return <AssistantMessage message={message} isLast={isLast} compared={compared} />;
}

function WaitingColumns({ models, isBlind = false }: { models: readonly string[]; isBlind?: boolean }) {
  if (isBlind) return <Waiting model={null} />;
  return models.map((model) => <Waiting key={model} model={model} />);
}
