// What a person does to chats and answers. Each shows its effect at once and takes it back on failure.
import type { QueryClient } from "@tanstack/react-query";
import i18next from "i18next";
import { api, idempotent, take } from "@/api/client";
import { newId } from "@/api/ids";
import type { ChatSummary, Message, Params } from "@/api/types";
import { notify } from "@/ui/notify";
import { problemText } from "@/ui/problemText";
import {
  changeThread,
  dropChat,
  dropFromLists,
  patchEverywhere,
  putFirst,
  putMessageInto,
  refetchLists,
  refetchThread,
  summaryOf,
  threadOf,
} from "./queries";
import { concluded, followAnswer, stopFollowing } from "./streams/following";
import { branchOff, running } from "./thread";

interface Change {
  title?: string;
  pinned?: boolean;
  archived?: boolean;
  unread?: boolean;
  folderId?: string | null;
  tags?: string[];
  params?: Params;
}

/** Says that something did not work, and why. */
export function failed(error: unknown): void {
  notify.failed(i18next.t("actionFailed", { ns: "chats" }), problemText(error));
}

/** Changes the chat on the server; what is shown is put right again when it refuses. */
async function change(client: QueryClient, id: string, body: Change): Promise<boolean> {
  try {
    const { chat } = await take(api.PATCH("/api/chats/{id}", { params: { path: { id } }, body }));
    const { unread: _, ...entry } = summaryOf(chat);
    patchEverywhere(client, id, entry);
    changeThread(client, id, (thread) => ({ ...thread, chat }));
    return true;
  } catch (error) {
    failed(error);
    await Promise.all([refetchLists(client), refetchThread(client, id)]);
    return false;
  }
}

export function renameChat(client: QueryClient, id: string, title: string): Promise<boolean> {
  patchEverywhere(client, id, { title, titlePending: false });
  return change(client, id, { title });
}

export function pinChat(client: QueryClient, id: string, pinned: boolean): Promise<boolean> {
  patchEverywhere(client, id, { pinned });
  return change(client, id, { pinned });
}

export function markChat(client: QueryClient, id: string, unread: boolean): Promise<boolean> {
  patchEverywhere(client, id, { unread });
  return change(client, id, { unread });
}

export function tagChat(client: QueryClient, id: string, tags: string[]): Promise<boolean> {
  patchEverywhere(client, id, { tags });
  return change(client, id, { tags }).finally(() => void client.invalidateQueries({ queryKey: ["tags"] }));
}

/** Moves the chat to the other list. */
export async function archiveChat(client: QueryClient, chat: ChatSummary, archived: boolean): Promise<boolean> {
  putFirst(client, { ...chat, archived });
  const isDone = await change(client, chat.id, { archived });
  if (isDone) notify.done(i18next.t(archived ? "archivedDone" : "unarchivedDone", { ns: "chats" }));
  return isDone;
}

export async function deleteChat(client: QueryClient, id: string): Promise<boolean> {
  dropFromLists(client, id);
  try {
    await api.DELETE("/api/chats/{id}", { params: { path: { id } } });
    dropChat(client, id);
    return true;
  } catch (error) {
    failed(error);
    await refetchLists(client);
    return false;
  }
}

export function saveParams(client: QueryClient, id: string, params: Params): Promise<boolean> {
  changeThread(client, id, (thread) => ({ ...thread, chat: { ...thread.chat, params } }));
  return change(client, id, { params }).finally(() => void client.invalidateQueries({ queryKey: ["context", id] }));
}

/** Stops a running answer; what it has said stays. */
export async function stopAnswer(client: QueryClient, { chatId, id }: Message): Promise<void> {
  try {
    const path = { id: chatId, messageId: id };
    const { message } = await take(api.POST("/api/chats/{id}/messages/{messageId}/stop", { params: { path } }));
    if (message.status === "streaming") return;
    concluded(client, message);
    stopFollowing(id);
  } catch (error) {
    failed(error);
  }
}

/** Asks for another answer to the same question, of `model` or the same as before. */
export async function retryAnswer(client: QueryClient, { chatId, id }: Message, model?: string): Promise<void> {
  try {
    const path = { id: chatId, messageId: id };
    const { assistantMessage } = await take(
      api.POST("/api/chats/{id}/messages/{messageId}/retry", {
        params: { path },
        body: model === undefined ? {} : { model },
        headers: idempotent(newId()),
      }),
    );
    changeThread(client, chatId, (thread) => {
      const branched = branchOff(thread, assistantMessage);
      return model === undefined ? branched : { ...branched, chat: { ...branched.chat, model } };
    });
    patchEverywhere(client, chatId, { updatedAt: assistantMessage.createdAt });
  } catch (error) {
    failed(error);
  }
}

/** Goes on with an answer that was cut short. */
export async function continueAnswer(client: QueryClient, { chatId, id }: Message): Promise<void> {
  try {
    const path = { id: chatId, messageId: id };
    const { message } = await take(api.POST("/api/chats/{id}/messages/{messageId}/continue", { params: { path } }));
    // Followed first: between the two the old ending would be shown once more.
    if (message.status === "streaming") followAnswer(client, message);
    putMessageInto(client, message);
  } catch (error) {
    failed(error);
    await refetchThread(client, chatId);
  }
}

/** Stops every answer under way in the chat. */
export function stopAll(client: QueryClient, chatId: string): void {
  const thread = threadOf(client, chatId);
  for (const message of thread ? running(thread) : []) void stopAnswer(client, message);
}
