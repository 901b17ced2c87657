// What the server said of notifications, in the query cache, and what is done to them.
import { infiniteQueryOptions, type InfiniteData, queryOptions, type QueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { Notification } from "@/api/types";
import { notify } from "@/ui/notify";
import { problemText } from "@/ui/problemText";
import { asRead, type Latest, type NotificationPage, putFirst, without } from "./list";

const pageSize = 30;
/** More news than this are told as a number anyway. */
const latestSize = 20;

const lists = ["notifications", "list"] as const;

type Pages = InfiniteData<NotificationPage, string | null>;

function fetchPage(query: { unread?: boolean; limit: number; cursor?: string }, signal?: AbortSignal): Promise<NotificationPage> {
  return take(api.GET("/api/notifications", { params: { query }, signal }));
}

/** How many are unread, and the newest of those: what the bell shows, and what is announced. */
export const latestQuery = queryOptions({
  queryKey: ["notifications", "latest"],
  queryFn: async ({ signal }): Promise<Latest> => {
    const { items, unreadCount } = await fetchPage({ unread: true, limit: latestSize }, signal);
    return { items, unreadCount };
  },
});

/** Everything, or what is unread, the newest first. */
export function listQuery(isUnreadOnly: boolean) {
  return infiniteQueryOptions({
    queryKey: [...lists, isUnreadOnly],
    staleTime: 0,
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => fetchPage({ unread: isUnreadOnly || undefined, limit: pageSize, cursor: pageParam ?? undefined }, signal),
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

/** Changes what is held, without asking; asks again for what is shown. */
export function refetchLists(client: QueryClient): Promise<void> {
  return client.invalidateQueries({ queryKey: lists });
}

function changeHeld(client: QueryClient, change: (items: readonly Notification[]) => Notification[]): void {
  client.setQueriesData<Pages>({ queryKey: lists }, (held) => held && { ...held, pages: held.pages.map((page) => ({ ...page, items: change(page.items) })) });
}

export function setUnreadCount(client: QueryClient, unreadCount: number): void {
  client.setQueryData(latestQuery.queryKey, (latest) => ({ items: unreadCount === 0 ? [] : (latest?.items ?? []), unreadCount }));
}

/** One that has just been told. */
export function showNew(client: QueryClient, notification: Notification, unreadCount: number): void {
  client.setQueryData(latestQuery.queryKey, (latest) => ({ items: putFirst(latest?.items ?? [], notification).slice(0, latestSize), unreadCount }));
  client.setQueriesData<Pages>({ queryKey: lists }, (held) => {
    const [first, ...rest] = held?.pages ?? [];
    if (!held || !first) return held;
    const older = rest.map((page) => ({ ...page, items: without(page.items, notification.id) }));
    return { ...held, pages: [{ ...first, items: putFirst(first.items, notification) }, ...older] };
  });
}

async function failed(client: QueryClient, error: unknown): Promise<void> {
  notify.failed(problemText(error));
  await client.invalidateQueries({ queryKey: ["notifications"] });
}

/** Marks these as read, or all; shown at once. */
export async function markRead(client: QueryClient, ids: readonly string[] | null): Promise<void> {
  await client.cancelQueries({ queryKey: ["notifications"] });
  const now = new Date().toISOString();
  changeHeld(client, (items) => asRead(items, ids, now));
  const latest = client.getQueryData(latestQuery.queryKey);
  if (latest) setUnreadCount(client, ids === null ? 0 : Math.max(0, latest.unreadCount - ids.length));
  try {
    const { unreadCount } = await take(api.POST("/api/notifications/read", { body: ids === null ? { all: true } : { ids: [...ids] } }));
    setUnreadCount(client, unreadCount);
  } catch (error) {
    await failed(client, error);
  }
}

/** Takes one away for good. */
export async function remove(client: QueryClient, { id, readAt }: Notification): Promise<void> {
  await client.cancelQueries({ queryKey: ["notifications"] });
  changeHeld(client, (items) => without(items, id));
  const latest = client.getQueryData(latestQuery.queryKey);
  if (latest && readAt === null) setUnreadCount(client, Math.max(0, latest.unreadCount - 1));
  try {
    await api.DELETE("/api/notifications/{id}", { params: { path: { id } } });
  } catch (error) {
    await failed(client, error);
  }
}
