// Moving about in the tree of a chat, and growing new branches.
import type { QueryClient } from "@tanstack/react-query";
import i18next from "i18next";
import { api, idempotent, take } from "@/api/client";
import { newId } from "@/api/ids";
import type { Chat, Message } from "@/api/types";
import { notify } from "@/ui/notify";
import { failed } from "./actions";
import { isChanged } from "./params";
import { changeThread, loadUpTo, patchEverywhere, putFirst, refetchThread, summaryOf } from "./queries";
import { showSent } from "./send";
import { branchOff } from "./thread";

/** Makes the branch of `messageId` the one that is shown, down to its newest message; `model`: the chat goes on with it. */
export async function showBranch(client: QueryClient, chatId: string, messageId: string, model?: string): Promise<boolean> {
  try {
    const path = { id: chatId };
    const body = { activeLeafId: messageId, ...(model ? { model } : {}) };
    const { chat } = await take(api.PATCH("/api/chats/{id}", { params: { path }, body }));
    changeThread(client, chatId, (thread) => ({ ...thread, chat }));
    await refetchThread(client, chatId);
    return true;
  } catch (error) {
    failed(error);
    return false;
  }
}

/** Has the page hold a message, wherever in the tree it is; false when it is not there any more. */
export async function bringIntoView(client: QueryClient, chatId: string, messageId: string): Promise<boolean> {
  try {
    if (await loadUpTo(client, chatId, messageId)) return true;
    return (await showBranch(client, chatId, messageId)) && (await loadUpTo(client, chatId, messageId));
  } catch (error) {
    failed(error);
    return false;
  }
}

/** Puts a question in other words, as a branch of its own beside the first; `id` is the new one's. */
export async function askAnew(client: QueryClient, question: Message, content: string, id: string): Promise<boolean> {
  const { chatId, parentId, params, attachments = [] } = question;
  try {
    const files = attachments.length > 0 ? { attachments: attachments.map((file) => file.id) } : {};
    const body = { id, content, parentId, ...files, ...(isChanged(params) ? { params } : {}) };
    const made = await take(api.POST("/api/chats/{id}/messages", { params: { path: { id: chatId } }, body, headers: idempotent(id) }));
    await showSent(client, made);
    return true;
  } catch (error) {
    failed(error);
    return false;
  }
}

/** Puts an answer in other words beside the model's own, which stays. */
export async function editAnswer(client: QueryClient, answer: Message, content: string, id: string): Promise<boolean> {
  const { chatId } = answer;
  try {
    const path = { id: chatId, messageId: answer.id };
    const call = api.POST("/api/chats/{id}/messages/{messageId}/edit", { params: { path }, body: { id, content }, headers: idempotent(id) });
    const { message } = await take(call);
    changeThread(client, chatId, (thread) => branchOff(thread, message));
    patchEverywhere(client, chatId, { updatedAt: message.createdAt });
    return true;
  } catch (error) {
    failed(error);
    return false;
  }
}

/** A chat of its own with everything down to `messageId`; null when that failed. */
export async function forkChat(client: QueryClient, chatId: string, messageId: string): Promise<Chat | null> {
  const id = newId();
  try {
    const path = { id: chatId };
    const { chat } = await take(api.POST("/api/chats/{id}/fork", { params: { path }, body: { id, messageId }, headers: idempotent(id) }));
    if (!chat.temporary) putFirst(client, summaryOf(chat));
    notify.done(i18next.t("forked", { ns: "chats" }));
    return chat;
  } catch (error) {
    failed(error);
    return null;
  }
}
