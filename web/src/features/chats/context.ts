// What a model is told of a chat: how full it is, and summaries made and taken back.
import { keepPreviousData, queryOptions, type QueryClient } from "@tanstack/react-query";
import { api, idempotent, take } from "@/api/client";
import { newId } from "@/api/ids";
import type { ContextFill } from "@/api/types";
import { failed } from "./actions";
import { changeThread, refetchThread } from "./queries";

/** What fills the model that would answer next, at the end of the branch `leaf`. */
export function contextQuery(chatId: string, leaf: string | null, model: string | null) {
  return queryOptions({
    queryKey: ["context", chatId, leaf, model],
    staleTime: 60_000,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => {
      const query = model === null ? {} : { model };
      return take(api.GET("/api/chats/{id}/context", { params: { path: { id: chatId }, query }, signal }));
    },
  });
}

export function refetchContext(client: QueryClient, chatId: string): Promise<void> {
  return client.invalidateQueries({ queryKey: ["context", chatId] });
}

/** Has the older turns summed up now; true when it worked. */
export async function compact(client: QueryClient, chatId: string): Promise<boolean> {
  try {
    const { summary } = await take(api.POST("/api/chats/{id}/compact", { params: { path: { id: chatId } }, body: {}, headers: idempotent(newId()) }));
    changeThread(client, chatId, (thread) => ({ ...thread, summaries: [...thread.summaries.filter(({ id }) => id !== summary.id), summary] }));
    await refetchContext(client, chatId);
    return true;
  } catch (error) {
    failed(error);
    return false;
  }
}

/** Takes a summary back: the model is told the turns again. */
export async function undoSummary(client: QueryClient, chatId: string, summaryId: string): Promise<void> {
  try {
    await take(api.DELETE("/api/chats/{id}/summaries/{summaryId}", { params: { path: { id: chatId, summaryId } } }));
    changeThread(client, chatId, (thread) => ({ ...thread, summaries: thread.summaries.filter(({ id }) => id !== summaryId) }));
    await refetchContext(client, chatId);
  } catch (error) {
    failed(error);
    await refetchThread(client, chatId);
  }
}

export interface Fill {
  /** Parts of the whole, from 0 to 1, in the order they are drawn. */
  parts: { kind: FillKind; tokens: number; share: number }[];
  used: number;
  whole: number;
  /** Of what may be told: how full it is, from 0; more than 1 when it is too much. */
  level: number;
}

export type FillKind = "systemPrompt" | "summary" | "messages" | "attachments" | "question" | "reserve";

const order: readonly FillKind[] = ["systemPrompt", "summary", "messages", "attachments", "question", "reserve"];

/** What the model would take with `question` tokens more. */
export function fillOf({ parts, contextLength, answerTokens }: ContextFill, question: number): Fill {
  const tokensOf = (kind: FillKind) => {
    if (kind === "question") return question;
    if (kind === "reserve") return answerTokens;
    return parts.find((part) => part.kind === kind)?.tokens ?? 0;
  };
  const all = order.map((kind) => ({ kind, tokens: tokensOf(kind) })).filter(({ tokens }) => tokens > 0);
  const total = all.reduce((sum, { tokens }) => sum + tokens, 0);
  const scale = Math.max(contextLength, total, 1);
  const used = total - answerTokens;
  return {
    parts: all.map((part) => ({ ...part, share: part.tokens / scale })),
    used,
    whole: contextLength,
    level: used / Math.max(1, contextLength - answerTokens),
  };
}

/** About how many tokens so many characters take; near enough while they are typed. */
export function roughTokens(length: number): number {
  return Math.ceil(length / 3.6);
}
