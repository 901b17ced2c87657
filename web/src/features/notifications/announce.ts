// Says what is new: a notice on the page, or one of the browser while nobody looks.
import type { QueryClient } from "@tanstack/react-query";
import i18next from "i18next";
import type { Notification } from "@/api/types";
import { isConnected, onConnected, onEvent } from "@/realtime/realtime";
import { notify } from "@/ui/notify";
import { showBrowserNote } from "./browser";
import { type Latest, newestOf, newsAfter, targetOf } from "./list";
import { News } from "./news";
import { latestQuery, markRead, refetchLists, setUnreadCount, showNew } from "./queries";

export type Go = (path: string) => void;

/** What other tabs of this browser are told: these have been said. */
const channelName = "sangam.notifications";

const isHidden = () => document.visibilityState === "hidden";

export function openNotification(client: QueryClient, notification: Notification, go: Go): void {
  if (notification.readAt === null) void markRead(client, [notification.id]);
  const target = targetOf(notification);
  if (target === null) go("/notifications");
  else if ("path" in target) go(target.path);
  else window.open(target.url, "_blank", "noopener");
}

function sayOne(client: QueryClient, notification: Notification, go: Go): void {
  const { id, kind, title, detail } = notification;
  const onPress = () => openNotification(client, notification, go);
  const what = i18next.t(`kinds.${kind}`, { ns: "notifications" });
  if (isHidden()) showBrowserNote({ tag: id, title, body: detail ?? what, onPress });
  else notify.news(title, { detail: what, action: i18next.t("open", { ns: "notifications" }), onPress });
}

function saySeveral(news: readonly Notification[], go: Go): void {
  const title = i18next.t("several", { ns: "notifications", count: news.length });
  const titles = news.slice(0, 3).map((item) => item.title).join(" · ");
  const onPress = () => go("/notifications");
  if (isHidden()) showBrowserNote({ tag: "several", title, body: titles, onPress });
  else notify.news(title, { detail: titles, action: i18next.t("see", { ns: "notifications" }), onPress });
}

/** What is not before the person's eyes already. */
function unseen(news: readonly Notification[]): Notification[] {
  return isHidden() ? [...news] : news.filter(({ chatId }) => chatId === null || location.pathname !== `/chat/${chatId}`);
}

/** Follows the news until the returned function is called. */
export function announce(client: QueryClient, go: Go): () => void {
  const channel = new BroadcastChannel(channelName);
  const news = new News((items) => {
    const said = unseen(items);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a channel has one origin
    if (!isHidden()) channel.postMessage(items.map(({ id }) => id));
    const [first, ...more] = said;
    if (first && more.length === 0) sayOne(client, first, go);
    else if (first) saySeveral(said, go);
  }, isHidden);
  channel.addEventListener("message", ({ data }) => Array.isArray(data) && news.drop(data));

  // What was unread when the page came is no news.
  let since: string | null = null;
  const look = (latest: Latest | undefined) => {
    if (!latest) return;
    if (since !== null) news.add(newsAfter(latest.items, since));
    const newest = newestOf(latest.items);
    if (since === null || newest > since) since = newest;
  };
  look(client.getQueryData(latestQuery.queryKey));
  const [, name] = latestQuery.queryKey;
  const catchUp = () => void client.invalidateQueries({ queryKey: ["notifications"] });
  // What was asked for before the connection stood may be older than it.
  if (isConnected()) catchUp();
  const stops = [
    client.getQueryCache().subscribe(({ type, query }) => {
      if (type === "updated" && query.queryKey[0] === "notifications" && query.queryKey[1] === name) look(query.state.data as Latest | undefined);
    }),
    onEvent("notification", ({ notification, unreadCount }) => showNew(client, notification, unreadCount)),
    onEvent("notifications:read", ({ unreadCount }) => {
      setUnreadCount(client, unreadCount);
      void refetchLists(client);
    }),
    onConnected(catchUp),
    () => channel.close(),
    () => news.stop(),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
