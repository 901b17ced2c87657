// News of chats and folders, put where they are shown: the work of another tab, device or the server.
import type { QueryClient } from "@tanstack/react-query";
import type { ChatSummary, Message } from "@/api/types";
import { isConnected, onConnected, onEvent } from "@/realtime/realtime";
import { foldersQuery, refetchFolders, tagsQuery } from "./organise";
import { dropChat, refetchLists, showChat, threadOf, refetchThread } from "./queries";
import { chatOnScreenId, forgetLeft, settleLeft } from "./streams/following";

/** What is on the screen is being read, whatever the server thinks. */
function asRead(chat: ChatSummary): ChatSummary {
  return chat.id === chatOnScreenId() ? { ...chat, unread: false } : chat;
}

/** Whether the held thread is without one of the messages. */
function lacks(client: QueryClient, chatId: string, ids: readonly string[]): boolean {
  const held = threadOf(client, chatId)?.messages;
  return held !== undefined && ids.some((id) => !held.some((message) => message.id === id));
}

/** Whether a held message is shown otherwise: not where the change was made, which knows it already. */
function differs(client: QueryClient, chatId: string, message: Message): boolean {
  const held = threadOf(client, chatId)?.messages.find(({ id }) => id === message.id);
  return held !== undefined && (held.status !== message.status || held.vote?.vote !== message.vote?.vote || held.modelUsed !== message.modelUsed);
}

/** After a time without news everything that is shown is asked for again, once. */
function catchUp(client: QueryClient): void {
  forgetLeft();
  void refetchLists(client);
  void refetchFolders(client);
  void client.invalidateQueries({ queryKey: tagsQuery.queryKey });
}

/** Puts every event about chats into the cache; returns how to stop. */
export function followEvents(client: QueryClient): () => void {
  const show = ({ chat }: { chat: ChatSummary }) => {
    settleLeft(chat);
    showChat(client, asRead(chat));
  };
  // What was asked for before the connection stood may be older than it.
  if (isConnected()) catchUp(client);
  const stops = [
    onEvent("chat:created", show),
    onEvent("chat:updated", show),
    onEvent("chat:deleted", ({ chatId }) => dropChat(client, chatId)),
    onEvent("folders:changed", () => {
      // What was in a deleted folder has moved: the lists have changed with it.
      void client.invalidateQueries({ queryKey: foldersQuery.queryKey });
      void refetchLists(client);
    }),
    onEvent("message:created", ({ chatId, userMessage, assistantMessages }) => {
      const ids = [userMessage, ...assistantMessages].flatMap((message) => (message ? [message.id] : []));
      if (lacks(client, chatId, ids)) void refetchThread(client, chatId);
    }),
    onEvent("message:updated", ({ chatId, message }) => {
      if (differs(client, chatId, message)) void refetchThread(client, chatId);
    }),
    onConnected(() => catchUp(client)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
