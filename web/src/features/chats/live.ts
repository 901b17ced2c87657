// News of chats and folders, put where they are shown: the work of another tab, device or the server.
import type { QueryClient } from "@tanstack/react-query";
import type { ChatSummary, Message } from "@/api/types";
import { isConnected, onConnected, onEvent, type ServerEvents } from "@/realtime/realtime";
import { followFiles } from "./files/queries";
import { foldersQuery, refetchFolders, tagsQuery } from "./organise";
import { changeThread, dropChat, putMessageInto, refetchLists, refetchThread, showChat, threadOf } from "./queries";
import { chatOnScreenId, endArrived, forgetLeft, pieceArrived, settleLeft, statusArrived } from "./streams/following";
import { branchOff, putQuestion, type Thread } from "./thread";

/** What is on the screen is being read, whatever the server thinks. */
function asRead(chat: ChatSummary): ChatSummary {
  return chat.id === chatOnScreenId() ? { ...chat, unread: false } : chat;
}

/** The thread with what was sent from elsewhere; null when its place is not held. */
function withSent(thread: Thread, question: Message | null, answers: Message[]): Thread | null {
  if (question) return putQuestion(thread, question, answers);
  const [answer] = answers;
  if (!answer || !thread.messages.some(({ id }) => id === answer.parentId)) return null;
  return branchOff(thread, answer);
}

/** A question or an answer begun, here or elsewhere, that the held thread may be without. */
function showSent(client: QueryClient, { chatId, userMessage, assistantMessages }: ServerEvents["message:created"]): void {
  const held = threadOf(client, chatId);
  const last = assistantMessages.at(0) ?? userMessage;
  if (!held || !last || held.messages.some(({ id }) => id === last.id)) return;
  const next = withSent(held, userMessage, assistantMessages);
  if (next) changeThread(client, chatId, () => next);
  else void refetchThread(client, chatId);
}

/** A message is not what it was: rated, revealed, judged. */
function showUpdated(client: QueryClient, message: Message): void {
  if (message.comparisonId === null) putMessageInto(client, message);
  // The verdict on the answers is not a part of any of them.
  else void refetchThread(client, message.chatId);
}

/** A chat changed; another branch of it may be the one that is shown. */
function showChanged(client: QueryClient, chat: ChatSummary): void {
  const held = threadOf(client, chat.id);
  settleLeft(chat);
  showChat(client, asRead(chat));
  if (held && held.chat.activeLeafId !== chat.activeLeafId) void refetchThread(client, chat.id);
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
    onEvent("chat:updated", ({ chat }) => showChanged(client, chat)),
    onEvent("chat:deleted", ({ chatId }) => dropChat(client, chatId)),
    onEvent("folders:changed", () => {
      // What was in a deleted folder has moved: the lists have changed with it.
      void client.invalidateQueries({ queryKey: foldersQuery.queryKey });
      void refetchLists(client);
    }),
    onEvent("message:created", (sent) => showSent(client, sent)),
    onEvent("message:delta", pieceArrived),
    onEvent("message:status", statusArrived),
    onEvent("message:done", ({ message }) => endArrived(client, message)),
    onEvent("message:updated", ({ message }) => showUpdated(client, message)),
    followFiles(client),
    onConnected(() => catchUp(client)),
  ];
  return () => {
    for (const stop of stops) stop();
  };
}
