// Sending: ids are made here, so the question stands on the page before the server has answered and
// a second try can never make it twice.
import type { QueryClient } from "@tanstack/react-query";
import { api, idempotent, take } from "@/api/client";
import { newId } from "@/api/ids";
import { asProblem } from "@/api/problem";
import type { ChatSummary, Message, Params } from "@/api/types";
import { problemText } from "@/ui/problemText";
import { type Outgoing, useOutbox } from "./outbox";
import { changeThread, dropChat, patchEverywhere, putFirst, refetchThread, setThread, summaryOf, threadOf } from "./queries";
import { appendPair } from "./thread";

export interface Question {
  userId: string;
  /** Absent: the question makes a chat. */
  chatId?: string;
  content: string;
  model: string | null;
  params: Params;
}

/** The first words of a question, as the title until the server has a better one. */
export function firstWords(text: string): string {
  const line = text.trim().split(/\s+/, 12).join(" ");
  return line.length > 60 ? `${line.slice(0, 59).trimEnd()}…` : line;
}

/** The question as it waits to be sent; for a new chat with the chat's id. */
export function outgoing(question: Question, now: Date): Outgoing {
  const { chatId, ...rest } = question;
  const isNew = chatId === undefined;
  return {
    ...rest,
    id: newId(now.getTime()),
    chatId: chatId ?? newId(now.getTime()),
    isNew,
    createdAt: now.toISOString(),
    state: "sending",
  };
}

/** A message of the page's own making, shown until the server's is there. */
export function asMessage({ id, chatId, content, createdAt, model }: Outgoing, parentId: string | null): Message {
  return {
    id,
    chatId,
    parentId,
    siblingIds: [id],
    role: "user",
    status: "complete",
    content,
    reasoning: null,
    citations: [],
    annotations: [],
    params: {},
    comparisonId: null,
    editedFromId: null,
    context: null,
    vote: null,
    modelAsked: model,
    modelUsed: null,
    finishReason: null,
    usage: null,
    costMicrousd: null,
    ttftMs: null,
    latencyMs: null,
    error: null,
    createdAt,
  };
}

function listEntry({ chatId, content, model, createdAt }: Outgoing): ChatSummary {
  return {
    id: chatId,
    title: firstWords(content),
    titlePending: false,
    model,
    pinned: false,
    archived: false,
    unread: false,
    folderId: null,
    tags: [],
    updatedAt: createdAt,
    createdAt,
  };
}

async function post(client: QueryClient, item: Outgoing): Promise<void> {
  const model = item.model ?? undefined;
  const headers = idempotent(item.id);
  if (item.isNew) {
    const params = Object.keys(item.params).length > 0 ? item.params : undefined;
    const body = { id: item.chatId, userMessageId: item.id, message: item.content, model, params };
    const made = await take(api.POST("/api/chats", { body, headers }));
    setThread(client, { chat: made.chat, messages: [made.userMessage, made.assistantMessage], prevCursor: null });
    putFirst(client, summaryOf(made.chat));
    return;
  }
  const body = { id: item.id, content: item.content, model };
  const path = { id: item.chatId };
  const made = await take(api.POST("/api/chats/{id}/messages", { params: { path }, body, headers }));
  const thread = threadOf(client, item.chatId);
  const longer = thread && appendPair(thread, made.userMessage, made.assistantMessage);
  if (longer) {
    const chat = { ...longer.chat, model: model ?? longer.chat.model };
    changeThread(client, item.chatId, () => ({ ...longer, chat }));
    putFirst(client, summaryOf(chat));
  } else {
    await refetchThread(client, item.chatId);
  }
}

/** Sends the question; true when it arrived. A failure leaves it in the outbox with the reason. */
export async function deliver(client: QueryClient, item: Outgoing): Promise<boolean> {
  const { put, remove } = useOutbox.getState();
  put({ ...item, state: "sending", code: undefined, detail: undefined });
  if (item.isNew) putFirst(client, listEntry(item));
  else patchEverywhere(client, item.chatId, { updatedAt: new Date().toISOString() });
  try {
    await post(client, item);
    remove(item.id);
    return true;
  } catch (error) {
    const problem = asProblem(error);
    if (item.isNew) dropChat(client, item.chatId);
    put({ ...item, state: "failed", code: problem.code, detail: problemText(problem) });
    return false;
  }
}
