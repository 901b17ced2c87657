// The text of running answers, kept outside React: deltas arrive hundreds of times a second, the page
// paints at most twenty. Once an answer is done its entry never moves again, so a paint that was
// still queued cannot turn it back into a running one.
import type { Message, MessageStatus } from "@/api/types";
import type { MessageError, StreamEvent } from "./events";

/** `lost`: the connection broke and is being made anew. */
export type Link = "connecting" | "live" | "lost";

/** What is known of a running answer at one paint. */
export interface StreamView {
  readonly content: string;
  readonly reasoning: string | null;
  readonly status: MessageStatus;
  readonly error: MessageError | null;
  readonly link: Link;
  /** How long the model was seen to reason before its first words; null where nobody watched. */
  readonly reasonedMs: number | null;
  /** The finished message, once the server has said it. */
  readonly final: Message | null;
}

interface Entry {
  chatId: string;
  /** The number of the last event taken in; null before the first snapshot. */
  seq: number | null;
  content: string;
  reasoning: string | null;
  status: MessageStatus;
  error: MessageError | null;
  link: Link;
  /** When the first reasoning came; null before. */
  reasonsSince: number | null;
  reasonedMs: number | null;
  final: Message | null;
  doneAt: number;
  view: StreamView;
  timer: ReturnType<typeof setTimeout> | null;
}

/** `gap`: something was missed, ask for a snapshot. `end`: nothing more will come. */
export type Applied = "ok" | "gap" | "end";

function viewOf(entry: Omit<Entry, "view">): StreamView {
  const { content, reasoning, status, error, link, reasonedMs, final } = entry;
  return { content, reasoning, status, error, link, reasonedMs, final };
}

/** A very long answer is painted less often, so that the page never falls behind it. */
export function paintEveryMs(length: number): number {
  return Math.min(1_000, Math.max(50, length / 4_000));
}

export class StreamStore {
  private readonly entries = new Map<string, Entry>();
  private readonly listeners = new Map<string, Set<() => void>>();
  private readonly everybody = new Set<() => void>();
  private running: readonly string[] = [];

  constructor(private readonly now: () => number = Date.now) {}

  /** Begins (or takes up again) the answer `message`; what it already says is shown meanwhile. */
  open(message: Message): void {
    const known = this.entries.get(message.id);
    if (known && known.final === null) return;
    const fresh = {
      chatId: message.chatId,
      seq: null,
      content: message.content,
      reasoning: message.reasoning,
      status: message.status,
      error: null,
      link: "connecting" as const,
      reasonsSince: null,
      reasonedMs: null,
      final: null,
      doneAt: 0,
      timer: null,
    };
    this.entries.set(message.id, { ...fresh, view: viewOf(fresh) });
    this.tell(message.id);
  }

  /** Takes in one event; which answer it belongs to is `id`. */
  apply(id: string, event: StreamEvent): Applied {
    const entry = this.entries.get(id);
    if (!entry || entry.final !== null) return "end";
    if (event.kind === "done") {
      this.finish(event.message);
      return "end";
    }
    if (event.kind === "snapshot") {
      const { seq, content, reasoning, status } = event;
      Object.assign(entry, { seq, content, reasoning, status });
      this.queue(id, entry);
      return "ok";
    }
    if (event.kind === "status") {
      // A status carries the number of the last delta, or the one after it.
      entry.seq = Math.max(entry.seq ?? 0, event.seq);
      entry.status = event.status;
      entry.error = event.error;
      this.queue(id, entry);
      return "ok";
    }
    return this.append(id, entry, event);
  }

  private append(id: string, entry: Entry, { seq, from = seq, text, reasoning }: StreamEvent & { kind: "delta" }): Applied {
    if (entry.seq === null || from > entry.seq + 1) return "gap";
    if (seq <= entry.seq) return "ok";
    // Of joined pieces nobody can tell which part is known already.
    if (from <= entry.seq) return "gap";
    entry.seq = seq;
    entry.content += text;
    if (reasoning !== "") {
      entry.reasoning = (entry.reasoning ?? "") + reasoning;
      entry.reasonsSince ??= this.now();
    } else if (entry.reasonsSince !== null) entry.reasonedMs ??= this.now() - entry.reasonsSince;
    this.queue(id, entry);
    return "ok";
  }

  /** The answer has ended as `message` says; later events and queued paints are ignored. */
  finish(message: Message): void {
    const entry = this.entries.get(message.id);
    if (!entry) return;
    if (entry.timer !== null) clearTimeout(entry.timer);
    const { content, reasoning, status, error } = message;
    Object.assign(entry, { content, reasoning, status, error, final: message, timer: null, doneAt: this.now() });
    entry.view = viewOf(entry);
    this.tell(message.id);
  }

  setLink(id: string, link: Link): void {
    const entry = this.entries.get(id);
    if (!entry || entry.final !== null || entry.link === link) return;
    entry.link = link;
    entry.view = { ...entry.view, link };
    this.tell(id);
  }

  /** The number after which a broken connection may resume; null asks for everything. */
  seq(id: string): number | null {
    return this.entries.get(id)?.seq ?? null;
  }

  view(id: string): StreamView | undefined {
    return this.entries.get(id)?.view;
  }

  /** Forgets the answer, as when its chat was deleted. */
  drop(id: string): void {
    const entry = this.entries.get(id);
    if (!entry) return;
    if (entry.timer !== null) clearTimeout(entry.timer);
    this.entries.delete(id);
    this.tell(id);
  }

  /**
   * What the server said of `message` in an answer asked for at `askedAt`: if the answer ended after
   * that, the finished message stands, because the call may have been answered before.
   */
  settle(message: Message, askedAt: number): Message {
    const entry = this.entries.get(message.id);
    if (!entry?.final || message.status !== "streaming") return message;
    return entry.doneAt >= askedAt ? entry.final : message;
  }

  /** The chats with an answer under way; the same array until it changes. */
  runningChats(): readonly string[] {
    return this.running;
  }

  subscribe(id: string, listener: () => void): () => void {
    const set = this.listeners.get(id) ?? new Set();
    this.listeners.set(id, set.add(listener));
    return () => {
      set.delete(listener);
      if (set.size === 0 && this.listeners.get(id) === set) this.listeners.delete(id);
    };
  }

  /** Called when an answer begins or ends, whichever it is. */
  subscribeRunning(listener: () => void): () => void {
    this.everybody.add(listener);
    return () => this.everybody.delete(listener);
  }

  private queue(id: string, entry: Entry): void {
    if (entry.timer !== null) return;
    entry.timer = setTimeout(() => {
      entry.timer = null;
      if (entry.final !== null || this.entries.get(id) !== entry) return;
      entry.view = viewOf(entry);
      this.tell(id);
    }, paintEveryMs(entry.content.length));
  }

  private tell(id: string): void {
    for (const listener of this.listeners.get(id) ?? []) listener();
    const running = new Set<string>();
    for (const entry of this.entries.values()) if (entry.final === null) running.add(entry.chatId);
    const same = running.size === this.running.length && this.running.every((chat) => running.has(chat));
    if (same) return;
    this.running = [...running];
    for (const listener of this.everybody) listener();
  }
}

/** The one store of the page. */
export const streams = new StreamStore();
