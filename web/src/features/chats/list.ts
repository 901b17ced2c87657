// The chat list as the page holds it, and the headings it is shown under. All functions are pure.
import type { ChatSummary } from "@/api/types";

/** Which chats a list holds. Absent: any. */
export interface ListFilter {
  archived: boolean;
  /** The folder's id; `none`: in no folder. */
  folder?: string;
  tag?: string;
  model?: string;
  /** Last used from this time on, and before that one. */
  from?: string;
  to?: string;
  /** A part of the title, whatever its case. */
  q?: string;
}

/** As the server compares titles: without case, accents and repeated spaces. */
export function folded(text: string): string {
  return text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase().replaceAll(/\s+/g, " ").trim();
}

/** Whether a list of `filter` holds the chat. */
export function belongs({ archived, folder, tag, model, from, to, q }: ListFilter, chat: ChatSummary): boolean {
  if (chat.archived !== archived) return false;
  if (folder !== undefined && (chat.folderId ?? "none") !== folder) return false;
  if (tag !== undefined && !chat.tags.includes(tag)) return false;
  if (model !== undefined && chat.model !== model) return false;
  if (from !== undefined && chat.updatedAt < from) return false;
  if (to !== undefined && chat.updatedAt >= to) return false;
  return q === undefined || folded(chat.title).includes(folded(q));
}

export interface ChatListPage {
  items: ChatSummary[];
  nextCursor: string | null;
}

export type Heading = "pinned" | "today" | "yesterday" | "week" | { year: number; month: number };

export interface Group {
  heading: Heading;
  chats: ChatSummary[];
}

/** Newest first, each chat once: a chat that moved between two pages came twice. */
export function allChats(pages: readonly ChatListPage[]): ChatSummary[] {
  const byId = new Map<string, ChatSummary>();
  for (const { items } of pages) for (const chat of items) if (!byId.has(chat.id)) byId.set(chat.id, chat);
  return [...byId.values()].toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : a.updatedAt > b.updatedAt ? -1 : 0));
}

function midnight(now: Date, daysAgo: number): number {
  return new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysAgo).getTime();
}

function headingOf(chat: ChatSummary, now: Date): Heading {
  if (chat.pinned) return "pinned";
  const time = new Date(chat.updatedAt);
  if (time.getTime() >= midnight(now, 0)) return "today";
  if (time.getTime() >= midnight(now, 1)) return "yesterday";
  if (time.getTime() >= midnight(now, 7)) return "week";
  return { year: time.getFullYear(), month: time.getMonth() };
}

/** A text that is equal for equal headings. */
export function headingKey(heading: Heading): string {
  return typeof heading === "string" ? heading : `${heading.year}-${heading.month}`;
}

/** Pinned chats, then by local day, then by month; the order within a group is kept. */
export function grouped(chats: readonly ChatSummary[], now: Date): Group[] {
  const groups = new Map<string, Group>();
  const pinnedFirst = [...chats.filter((chat) => chat.pinned), ...chats.filter((chat) => !chat.pinned)];
  for (const chat of pinnedFirst) {
    const heading = headingOf(chat, now);
    const key = headingKey(heading);
    const group = groups.get(key);
    if (group) group.chats.push(chat);
    else groups.set(key, { heading, chats: [chat] });
  }
  return [...groups.values()];
}

/** One chat changed wherever it stands; untouched pages stay the same objects. */
export function patchChat(pages: readonly ChatListPage[], id: string, change: Partial<ChatSummary>): ChatListPage[] {
  return pages.map((page) => {
    if (!page.items.some((chat) => chat.id === id)) return page;
    return { ...page, items: page.items.map((chat) => (chat.id === id ? { ...chat, ...change } : chat)) };
  });
}

export function removeChat(pages: readonly ChatListPage[], id: string): ChatListPage[] {
  return pages.map((page) => {
    if (!page.items.some((chat) => chat.id === id)) return page;
    return { ...page, items: page.items.filter((chat) => chat.id !== id) };
  });
}

/** The chat at the head of the first page, and nowhere else. */
export function putChatFirst(pages: readonly ChatListPage[], chat: ChatSummary): ChatListPage[] {
  const [first, ...others] = removeChat(pages, chat.id);
  if (!first) return [{ items: [chat], nextCursor: null }];
  return [{ ...first, items: [chat, ...first.items] }, ...others];
}

/** The chat as it is now, in a list that may or may not hold it. */
export function settleChat(pages: readonly ChatListPage[], filter: ListFilter, chat: ChatSummary): ChatListPage[] {
  if (!belongs(filter, chat)) return removeChat(pages, chat.id);
  const isThere = pages.some(({ items }) => items.some(({ id }) => id === chat.id));
  return isThere ? patchChat(pages, chat.id, chat) : putChatFirst(pages, chat);
}

/** A fresh first page laid over the older ones, so that coming back to the page asks once. */
export function mergeFirstPage(old: readonly ChatListPage[], fresh: ChatListPage): ChatListPage[] {
  if (old.length < 2 || fresh.nextCursor === null) return [fresh];
  // Pinned chats may come first whatever their age; the others reach down to the floor of the page.
  const floor = fresh.items.reduce((low, { pinned, updatedAt }) => (!pinned && updatedAt < low ? updatedAt : low), "~");
  const seen = new Set(fresh.items.map(({ id }) => id));
  const rest = old.flatMap(({ items }) => items).filter((chat) => !seen.has(chat.id) && chat.updatedAt <= floor);
  return [{ items: [...fresh.items, ...rest], nextCursor: old.at(-1)?.nextCursor ?? null }];
}
