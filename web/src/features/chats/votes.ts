// What a person thinks of answers. A thumb is shown at once; a verdict on two answers when it is stored.
import type { QueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { Comparison, Message, Reveal, Winner } from "@/api/types";
import { failed } from "./actions";
import { changeThread, refetchThread } from "./queries";
import { putMessage, type Thread } from "./thread";

export type Opinion = "up" | "down";

/** A thumb for the answer, or none. */
export async function rate(client: QueryClient, message: Message, vote: Opinion | null, reason?: string): Promise<void> {
  const { id, chatId } = message;
  const show = (next: Message["vote"]) =>
    changeThread(client, chatId, (thread) => {
      const held = [...thread.messages, ...thread.comparisons.flatMap(({ messages }) => messages)].find((one) => one.id === id);
      return held ? putMessage(thread, { ...held, vote: next }) : thread;
    });
  show(vote === null ? null : { vote, reason: reason ?? null });
  try {
    await take(api.POST("/api/leaderboard/vote", { body: { messageId: id, vote: vote ?? "none", ...(reason ? { reason } : {}) } }));
  } catch (error) {
    show(message.vote);
    failed(error);
  }
}

/** What turned out to be behind an answer. */
function revealed(message: Message, reveals: readonly Reveal[]): Message {
  const found = reveals.find(({ messageId }) => messageId === message.id);
  if (!found) return message;
  const { model, promptTokens, completionTokens, costMicrousd, ttftMs, latencyMs } = found;
  const usage = promptTokens === null || completionTokens === null ? message.usage : { promptTokens, completionTokens, estimated: false };
  return { ...message, modelAsked: message.modelAsked ?? model, modelUsed: model, usage, costMicrousd, ttftMs, latencyMs };
}

/** The thread with the verdict on a comparison, and the models that it reveals. */
export function decided(thread: Thread, id: string, winner: Winner, reveals: readonly Reveal[]): Thread {
  const comparisons = thread.comparisons.map((one): Comparison => {
    if (one.id !== id) return one;
    return { ...one, winner, isRevealed: true, messages: one.messages.map((message) => revealed(message, reveals)) };
  });
  return { ...thread, comparisons, messages: thread.messages.map((message) => revealed(message, reveals)) };
}

/** Says which of two answers is better; true when it is stored. */
export async function decide(client: QueryClient, comparison: Comparison, winner: Winner): Promise<boolean> {
  const [left, right] = comparison.messages;
  if (!left || !right) return false;
  const { chatId } = left;
  try {
    const body = { chatId, leftMessageId: left.id, rightMessageId: right.id, winner };
    const { reveal } = await take(api.POST("/api/leaderboard/vote", { body }));
    changeThread(client, chatId, (thread) => decided(thread, comparison.id, winner, reveal ?? []));
    // What else was hidden: parameters, the provider's own words.
    if (comparison.isBlind) void refetchThread(client, chatId);
    return true;
  } catch (error) {
    failed(error);
    // Perhaps it was decided elsewhere.
    await refetchThread(client, chatId);
    return false;
  }
}
