// Sending: ids are made here, so the question stands on the page before the server has answered and
// a second try can never make it twice.
import type { QueryClient } from "@tanstack/react-query";
import { api, idempotent, take } from "@/api/client";
import { newId } from "@/api/ids";
import { asProblem } from "@/api/problem";
import type { Attachment, Chat, ChatSummary, Message, Params } from "@/api/types";
import { problemText } from "@/ui/problemText";
import { type Outgoing, useOutbox } from "./outbox";
import { changeThread, dropChat, patchEverywhere, putFirst, refetchThread, setThread, summaryOf, threadOf } from "./queries";
import { putQuestion } from "./thread";

export interface Question {
  userId: string;
  /** Absent: the question makes a chat. */
  chatId?: string;
  content: string;
  model: string | null;
  params: Params;
  attachments?: Attachment[];
  /** The chat that it makes is never written down. */
  temporary?: boolean;
  /** Two to four models instead, whose answers are shown side by side. */
  models?: string[];
  /** Hides which of two models wrote which answer until the vote. */
  blind?: boolean;
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
export function asMessage({ id, chatId, content, createdAt, model, attachments }: Outgoing, parentId: string | null): Message {
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
    attachments: attachments ?? [],
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
    activeLeafId: null,
    updatedAt: createdAt,
    createdAt,
  };
}

/** Whom the question is put to. */
function asked({ model, models, blind }: Outgoing): { model?: string; models?: string[]; blind?: boolean } {
  return models ? { models, ...(blind ? { blind } : {}) } : { model: model ?? undefined };
}

/** The files that go with it; without any nothing is said of them. */
function attached({ attachments = [] }: Pick<Outgoing, "attachments">): { attachments?: string[] } {
  return attachments.length > 0 ? { attachments: attachments.map(({ id }) => id) } : {};
}

async function post(client: QueryClient, item: Outgoing): Promise<void> {
  const headers = idempotent(item.id);
  if (item.isNew) {
    const params = Object.keys(item.params).length > 0 ? item.params : undefined;
    const temporary = item.temporary ? { temporary: true } : {};
    const body = { id: item.chatId, userMessageId: item.id, message: item.content, ...asked(item), ...attached(item), ...temporary, params };
    const made = await take(api.POST("/api/chats", { body, headers }));
    const empty = { chat: made.chat, messages: [], comparisons: [], summaries: [], prevCursor: null };
    setThread(client, putQuestion(empty, made.userMessage, made.assistantMessages) ?? empty);
    list(client, made.chat);
    return;
  }
  const body = { id: item.id, content: item.content, ...asked(item), ...attached(item) };
  const path = { id: item.chatId };
  const made = await take(api.POST("/api/chats/{id}/messages", { params: { path }, body, headers }));
  await showSent(client, made, item.models ? undefined : (item.model ?? undefined));
}

/** Puts a stored question with its answers where they belong; `model` is what the chat goes on with. */
export async function showSent(client: QueryClient, made: { userMessage: Message; assistantMessages: Message[] }, model?: string): Promise<void> {
  const { chatId } = made.userMessage;
  const thread = threadOf(client, chatId);
  const longer = thread && putQuestion(thread, made.userMessage, made.assistantMessages);
  if (!longer) return refetchThread(client, chatId);
  const chat = { ...longer.chat, model: model ?? longer.chat.model };
  changeThread(client, chatId, () => ({ ...longer, chat }));
  list(client, chat);
}

/** A chat moves to the head of its lists; a temporary one is in none. */
function list(client: QueryClient, chat: Chat): void {
  if (!chat.temporary) putFirst(client, summaryOf(chat));
}

/** Sends the question; true when it arrived. A failure leaves it in the outbox with the reason. */
export async function deliver(client: QueryClient, item: Outgoing): Promise<boolean> {
  const { put, remove } = useOutbox.getState();
  put({ ...item, state: "sending", code: undefined, detail: undefined });
  if (item.isNew && !item.temporary) putFirst(client, listEntry(item));
  else if (!item.isNew) patchEverywhere(client, item.chatId, { updatedAt: new Date().toISOString() });
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
