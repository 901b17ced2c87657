// What goes on while a chat is open: its answers are followed, what is unsent is known, a wanted
// message is brought into view.
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { bringIntoView } from "@/features/chats/branching";
import { useOutbox } from "@/features/chats/outbox";
import type { Shown } from "@/features/chats/rows";
import { followAnswer, followFor, setChatOnScreen } from "@/features/chats/streams/following";
import { running } from "@/features/chats/thread";
import { notify } from "@/ui/notify";
import type { Place } from "./Thread";

/** What waits to be sent in this chat; the first question of a chat makes it, so until then there is none to ask for. */
export function useUnsent(chatId: string) {
  const items = useOutbox((outbox) => outbox.items);
  const mine = items.filter((item) => item.chatId === chatId);
  const first = mine.find(({ isNew }) => isNew);
  return { first, isUnmade: first !== undefined && first.code !== "unconfirmed", isSending: mine.some(({ state }) => state === "sending") };
}

/** Follows every running answer of the thread, and forgets unsent questions that did arrive. */
export function useLife(userId: string, chatId: string, shown: Shown): void {
  const client = useQueryClient();
  useEffect(() => {
    followFor(userId);
    const { items, remove } = useOutbox.getState();
    for (const message of running(shown)) followAnswer(client, message);
    for (const { id, state } of items) {
      if (state === "failed" && shown.messages.some((message) => message.id === id)) remove(id);
    }
  }, [client, userId, shown]);
  useEffect(() => {
    setChatOnScreen(chatId);
    return () => setChatOnScreen(null);
  }, [chatId]);
}

/** The message that the address names, once the page holds it; the name is then taken off the address. */
export function usePlace(chatId: string, messageId: string | undefined, isThere: boolean): Place | null {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const router = useRouter();
  const [place, setPlace] = useState<Place | null>(null);
  useEffect(() => {
    if (messageId === undefined || !isThere) return;
    let isWanted = true;
    const go = async () => {
      const isFound = await bringIntoView(client, chatId, messageId);
      if (!isWanted) return;
      if (isFound) setPlace({ messageId, at: Date.now() });
      else notify.failed(t("placeGone"));
      await router.navigate({ to: "/chat/$chatId", params: { chatId }, search: {}, replace: true });
    };
    void go();
    return () => {
      isWanted = false;
    };
  }, [client, router, chatId, messageId, isThere, t]);
  return place;
}
