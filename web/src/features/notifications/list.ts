// Notifications as the page holds them; pure.
import type { Notification } from "@/api/types";

export interface NotificationPage {
  items: Notification[];
  nextCursor: string | null;
  /** Of all, not of this page. */
  unreadCount: number;
}

export interface Latest {
  /** The newest unread ones. */
  items: Notification[];
  unreadCount: number;
}

/** A new one, or one that is told again, comes first. */
export function putFirst(items: readonly Notification[], item: Notification): Notification[] {
  return [item, ...items.filter(({ id }) => id !== item.id)];
}

/** `ids` read, or all of them where it is null. */
export function asRead(items: readonly Notification[], ids: readonly string[] | null, at: string): Notification[] {
  return items.map((item) => (item.readAt === null && (ids === null || ids.includes(item.id)) ? { ...item, readAt: at } : item));
}

export function without(items: readonly Notification[], id: string): Notification[] {
  return items.filter((item) => item.id !== id);
}

/** When the newest of them was told; empty when there is none. */
export function newestOf(items: readonly Notification[]): string {
  return items.reduce((newest, { createdAt }) => (createdAt > newest ? createdAt : newest), "");
}

/** The unread ones that were told after `since`. */
export function newsAfter(items: readonly Notification[], since: string): Notification[] {
  return items.filter(({ readAt, createdAt }) => readAt === null && createdAt > since);
}

/** Where a notification leads: a path of this page, another site, or nowhere. */
export function targetOf({ chatId, link, kind }: Notification): { path: string } | { url: string } | null {
  if (chatId !== null) return { path: `/chat/${chatId}` };
  if (link?.startsWith("/") && !link.startsWith("//")) return { path: link };
  if (link?.startsWith("https://")) return { url: link };
  return kind === "jobFinished" ? { path: "/settings" } : null;
}
