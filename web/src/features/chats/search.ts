// Searching: titles that are already here at once, titles and messages of the server a moment later.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { Hit } from "@/api/pending";
import type { ChatSummary } from "@/api/types";
import { folded } from "./list";

const mostTitles = 8;
const mostHits = 30;

/** A part of a text, and whether it is what was searched for. */
export interface Piece {
  at: number;
  text: string;
  isMatch: boolean;
}

/** The snippet cut at its highlights, which count characters, not UTF-16 units. */
export function pieces(snippet: string, highlights: readonly (readonly [number, number])[]): Piece[] {
  const characters = [...snippet];
  const cut: Piece[] = [];
  let at = 0;
  const push = (end: number, isMatch: boolean) => {
    if (end > at) cut.push({ at, text: characters.slice(at, end).join(""), isMatch });
    at = Math.max(at, end);
  };
  for (const [start, end] of highlights.toSorted((a, b) => a[0] - b[0])) {
    push(Math.min(start, characters.length), false);
    push(Math.min(end, characters.length), true);
  }
  push(characters.length, false);
  return cut;
}

/** The chats whose titles hold every word. */
export function titlesWith(chats: Iterable<ChatSummary>, text: string): ChatSummary[] {
  const words = folded(text).split(" ");
  const byId = new Map<string, ChatSummary>();
  for (const chat of chats) {
    const title = folded(chat.title);
    if (words.every((word) => title.includes(word))) byId.set(chat.id, chat);
  }
  return [...byId.values()].toSorted((a, b) => (a.updatedAt < b.updatedAt ? 1 : -1)).slice(0, mostTitles);
}

/** What narrows a search besides its words. */
export interface SearchScope {
  model?: string;
  from?: string;
  to?: string;
}

/** Messages of any branch that hold the words, newest first. */
export function searchQuery(q: string, scope: SearchScope) {
  return queryOptions({
    queryKey: ["search", q, scope],
    staleTime: 10_000,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }): Promise<Hit[]> => {
      const { items } = await take(api.GET("/api/search", { params: { query: { q, ...scope, limit: mostHits } }, signal }));
      // A chat found by its title alone is listed among the titles.
      return (items as (Omit<Hit, "messageId"> & { messageId: string | null })[]).filter((item): item is Hit => item.messageId !== null);
    },
  });
}
