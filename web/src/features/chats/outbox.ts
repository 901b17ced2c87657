// Questions on their way to the server. One that did not get there stays, also over a reload, with
// its text, until it is sent again or taken back into the text box.
import { create } from "zustand";
import type { Attachment, Params } from "@/api/types";

export interface Outgoing {
  /** The id the message will have. */
  id: string;
  userId: string;
  chatId: string;
  /** Whether this question makes the chat. */
  isNew: boolean;
  content: string;
  model: string | null;
  params: Params;
  attachments?: Attachment[];
  /** Of a temporary chat: not even this page writes it down. */
  temporary?: boolean;
  /** The models to be compared, instead of one. */
  models?: string[];
  blind?: boolean;
  createdAt: string;
  state: "sending" | "failed";
  /** Why it failed: a code of the API, or `unconfirmed` when the page was left before the answer. */
  code?: string;
  detail?: string;
}

const storageKey = "sangam.outbox";

function isOutgoing(value: unknown): value is Outgoing {
  return typeof value === "object" && value !== null && "id" in value && "chatId" in value && "content" in value;
}

/** What an earlier page left behind; it cannot know whether it arrived. */
export function restored(text: string | null): Outgoing[] {
  try {
    const value: unknown = JSON.parse(text ?? "[]");
    if (!Array.isArray(value)) return [];
    return value
      .filter(isOutgoing)
      .map((item) => (item.state === "sending" ? { ...item, state: "failed" as const, code: "unconfirmed" } : item));
  } catch {
    return [];
  }
}

function stored(): string | null {
  try {
    return localStorage.getItem(storageKey);
  } catch {
    return null;
  }
}

interface Outbox {
  items: Outgoing[];
  put: (item: Outgoing) => void;
  remove: (id: string) => void;
}

export const useOutbox = create<Outbox>((set) => ({
  items: restored(stored()),
  put: (item) => set(({ items }) => ({ items: [...items.filter(({ id }) => id !== item.id), item] })),
  remove: (id) => set(({ items }) => ({ items: items.filter((item) => item.id !== id) })),
}));

useOutbox.subscribe(({ items }) => {
  const kept = items.filter(({ temporary }) => !temporary);
  try {
    if (kept.length === 0) localStorage.removeItem(storageKey);
    else localStorage.setItem(storageKey, JSON.stringify(kept));
  } catch {
    // Storage is full or closed: the page itself still holds them.
  }
});
