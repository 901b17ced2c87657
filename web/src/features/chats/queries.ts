// What the server said of chats, in the query cache, and the few ways the page changes it.
import { queryOptions, type QueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { Chat, ChatSummary, Comparison, Message } from "@/api/types";
import { allChats, belongs, type ChatListPage, type ListFilter, mergeFirstPage, putChatFirst, removeChat, settleChat } from "./list";
import { streams } from "./streams/store";
import { holds, mergeThread, prependPage, putMessage, type Thread } from "./thread";

const listPageSize = 50;
const threadPageSize = 40;
/** While a place further up is looked for: the most that one call brings. */
const searchPageSize = 100;

export interface ChatList {
  pages: ChatListPage[];
}

const listKey = (filter: ListFilter) => ["chats", filter] as const;
const threadKey = (id: string) => ["chat", id] as const;

function fetchList(filter: ListFilter, cursor: string | undefined, signal?: AbortSignal): Promise<ChatListPage> {
  const query = { ...filter, limit: listPageSize, cursor };
  return take(api.GET("/api/chats", { params: { query }, signal }));
}

/** A chat list; asking again renews the first page and keeps the older ones. */
export function listQuery(filter: ListFilter) {
  return queryOptions({
    queryKey: listKey(filter),
    queryFn: async ({ client, signal }): Promise<ChatList> => {
      const fresh = await fetchList(filter, undefined, signal);
      const old = client.getQueryData<ChatList>(listKey(filter));
      return { pages: mergeFirstPage(old?.pages ?? [], fresh) };
    },
  });
}

/** Adds the next older page to the list. */
export async function loadOlderChats(client: QueryClient, filter: ListFilter): Promise<void> {
  const cursor = client.getQueryData<ChatList>(listKey(filter))?.pages.at(-1)?.nextCursor;
  if (!cursor) return;
  const page = await fetchList(filter, cursor);
  client.setQueryData<ChatList>(listKey(filter), (list) => list && { pages: [...list.pages, page] });
}

async function fetchThread(id: string, query: { before?: string; limit?: number }, signal?: AbortSignal): Promise<Thread> {
  const askedAt = Date.now();
  const page = await take(api.GET("/api/chats/{id}", { params: { path: { id }, query }, signal }));
  const settled = (messages: Message[]) => messages.map((message) => streams.settle(message, askedAt));
  const comparisons = page.comparisons.map((one): Comparison => ({ ...one, messages: settled(one.messages) }));
  return { ...page, messages: settled(page.messages), comparisons };
}

/** One chat with the lower end of its active path. */
export function threadQuery(id: string) {
  return queryOptions({
    queryKey: threadKey(id),
    staleTime: 0,
    queryFn: async ({ client, signal }): Promise<Thread> => {
      const fresh = await fetchThread(id, { limit: threadPageSize }, signal);
      return mergeThread(client.getQueryData<Thread>(threadKey(id)), fresh);
    },
  });
}

/** Adds the page above to the thread. */
export async function loadMessagesAbove(client: QueryClient, id: string, limit: number = threadPageSize): Promise<void> {
  const before = client.getQueryData<Thread>(threadKey(id))?.prevCursor;
  if (!before) return;
  const page = await fetchThread(id, { before, limit });
  client.setQueryData<Thread>(threadKey(id), (thread) => thread && prependPage(thread, page));
}

/** Pages up until the message is held; false when it is not on this path. */
export async function loadUpTo(client: QueryClient, id: string, messageId: string): Promise<boolean> {
  for (;;) {
    const thread = client.getQueryData<Thread>(threadKey(id));
    if (!thread) return false;
    if (holds(thread, messageId)) return true;
    if (thread.prevCursor === null) return false;
    await loadMessagesAbove(client, id, searchPageSize);
    if (client.getQueryData<Thread>(threadKey(id))?.prevCursor === thread.prevCursor) return false;
  }
}

/** Every branch of a chat at a glance. */
export function treeQuery(id: string) {
  return queryOptions({
    queryKey: ["tree", id],
    staleTime: 0,
    queryFn: ({ signal }) => take(api.GET("/api/chats/{id}/tree", { params: { path: { id } }, signal })),
  });
}

export function threadOf(client: QueryClient, id: string): Thread | undefined {
  return client.getQueryData<Thread>(threadKey(id));
}

/** Changes the held thread, if there is one; a page asked for before the change must not undo it. */
export function changeThread(client: QueryClient, id: string, change: (thread: Thread) => Thread): void {
  const queryKey = threadKey(id);
  const held = client.getQueryData<Thread>(queryKey);
  if (!held) return;
  const isAsking = client.isFetching({ queryKey, exact: true }) > 0;
  if (isAsking) void client.cancelQueries({ queryKey, exact: true });
  client.setQueryData<Thread>(queryKey, change(held));
  if (isAsking) void client.invalidateQueries({ queryKey, exact: true });
}

export function setThread(client: QueryClient, thread: Thread): void {
  client.setQueryData<Thread>(threadKey(thread.chat.id), thread);
}

export function refetchThread(client: QueryClient, id: string): Promise<void> {
  return client.invalidateQueries({ queryKey: threadKey(id) });
}

export function putMessageInto(client: QueryClient, message: Message): void {
  changeThread(client, message.chatId, (thread) => putMessage(thread, message));
}

function changeLists(client: QueryClient, change: (pages: ChatListPage[], filter: ListFilter) => ChatListPage[]): void {
  for (const [queryKey] of client.getQueriesData<ChatList>({ queryKey: ["chats"] })) {
    const filter = queryKey[1] as ListFilter;
    client.setQueryData<ChatList>(queryKey, (list) => list && { pages: change(list.pages, filter) });
  }
}

/** Every chat in any list, each once. */
export function everyEntry(client: QueryClient): ChatSummary[] {
  return allChats(client.getQueriesData<ChatList>({ queryKey: ["chats"] }).flatMap(([, list]) => list?.pages ?? []));
}

/** The chat's entry in any list. */
export function entryOf(client: QueryClient, id: string): ChatSummary | undefined {
  return everyEntry(client).find((chat) => chat.id === id);
}

/** Shows a changed chat at once, in the lists it belongs to and in its thread. */
export function patchEverywhere(client: QueryClient, id: string, change: Partial<ChatSummary>): void {
  const entry = entryOf(client, id);
  if (entry) changeLists(client, (pages, filter) => settleChat(pages, filter, { ...entry, ...change }));
  client.setQueryData<Thread>(threadKey(id), (thread) => thread && { ...thread, chat: { ...thread.chat, ...change } });
}

/** The chat as the server has just said it is, wherever it is shown. */
export function showChat(client: QueryClient, chat: ChatSummary): void {
  changeLists(client, (pages, filter) => settleChat(pages, filter, chat));
  client.setQueryData<Thread>(threadKey(chat.id), (thread) => thread && { ...thread, chat: { ...thread.chat, ...chat } });
}

/** Moves the chat to the head of the lists it belongs to, making its entry where there is none. */
export function putFirst(client: QueryClient, chat: ChatSummary): void {
  changeLists(client, (pages, filter) => (belongs(filter, chat) ? putChatFirst(pages, chat) : removeChat(pages, chat.id)));
}

/** Takes the chat out of every list. */
export function dropFromLists(client: QueryClient, id: string): void {
  changeLists(client, (pages) => removeChat(pages, id));
}

/** Forgets the chat altogether. */
export function dropChat(client: QueryClient, id: string): void {
  dropFromLists(client, id);
  client.removeQueries({ queryKey: threadKey(id) });
}

export function refetchLists(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: ["chats"] });
}

/** The list's view of a chat. */
export function summaryOf(chat: Chat): ChatSummary {
  const { id, title, titlePending, model, pinned, archived, folderId, tags, activeLeafId, updatedAt, createdAt } = chat;
  return { id, title, titlePending, model, pinned, archived, unread: false, folderId, tags, activeLeafId, updatedAt, createdAt };
}

/** Asks for the chat alone and shows what is new; the cheapest way to learn of a better title. */
export async function refreshChat(client: QueryClient, id: string): Promise<Chat> {
  const { chat } = await take(api.GET("/api/chats/{id}", { params: { path: { id }, query: { limit: 1 } } }));
  const { title, titlePending } = chat;
  patchEverywhere(client, id, { title, titlePending });
  return chat;
}
