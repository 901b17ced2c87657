// What stands below each other in a thread: messages, answers side by side, summaries, and what is
// on its way to the server. Pure, but for which comparisons were opened or closed by hand.
import { create } from "zustand";
import type { Comparison, Message, Summary } from "@/api/types";
import type { Outgoing } from "./outbox";
import { holds, type Thread } from "./thread";

export type Row =
  /** `compared`: the answer was chosen among those. */
  | { key: string; kind: "message"; message: Message; isLast: boolean; compared?: Comparison }
  /** The answers of a comparison beside each other; the chat goes on with `active`. */
  | { key: string; kind: "columns"; comparison: Comparison; active: Message; isLast: boolean }
  | { key: string; kind: "summary"; summary: Summary; isTold: boolean }
  | { key: string; kind: "outgoing"; item: Outgoing }
  | { key: string; kind: "waiting"; item: Outgoing };

interface Columns {
  /** By the comparison's id; absent: open while it is the last of the chat. */
  open: Readonly<Record<string, boolean>>;
}

export const useColumns = create<Columns>(() => ({ open: {} }));

export function openColumns(comparisonId: string, isOpen: boolean): void {
  useColumns.setState(({ open }) => ({ open: { ...open, [comparisonId]: isOpen } }));
}

export type Shown = Pick<Thread, "messages" | "comparisons" | "summaries">;

export function rowsOf({ messages, comparisons, summaries }: Shown, unsent: readonly Outgoing[], open: Columns["open"]): Row[] {
  const byId = new Map(comparisons.map((comparison) => [comparison.id, comparison]));
  const byEnd = new Map(summaries.map((summary) => [summary.uptoMessageId, summary]));
  const told = summaries.at(-1);
  const rows: Row[] = [];
  messages.forEach((message, index) => {
    const isLast = unsent.length === 0 && index === messages.length - 1;
    const compared = message.comparisonId === null ? undefined : byId.get(message.comparisonId);
    if (compared && (open[compared.id] ?? isLast)) rows.push({ key: compared.id, kind: "columns", comparison: compared, active: message, isLast });
    else rows.push({ key: message.id, kind: "message", message, isLast, ...(compared ? { compared } : {}) });
    const summary = byEnd.get(message.id);
    if (summary) rows.push({ key: summary.id, kind: "summary", summary, isTold: summary === told });
  });
  for (const item of unsent) rows.push({ key: item.id, kind: "outgoing", item });
  const last = unsent.at(-1);
  if (last?.state === "sending") rows.push({ key: "waiting", kind: "waiting", item: last });
  return rows;
}

/** The row in which the message is to be found; -1 when it is in none. */
export function rowWith(rows: readonly Row[], messageId: string): number {
  return rows.findIndex((row) => {
    if (row.kind === "message") return row.message.id === messageId || (row.compared && holds({ messages: [], comparisons: [row.compared] }, messageId));
    return row.kind === "columns" && row.comparison.messages.some(({ id }) => id === messageId);
  });
}
