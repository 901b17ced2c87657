// The messages of one chat as the page holds them: the lower end of the path from the root to the
// active leaf, longer the further one has paged up. All functions are pure.
import type { Chat, Comparison, Message, Summary } from "@/api/types";

export interface Thread {
  chat: Chat;
  /** Oldest first. */
  messages: Message[];
  /** Those whose question is among the messages; their answers off the path are only here. */
  comparisons: Comparison[];
  /** Those that stand for turns of this path, oldest first; the last one is what a model is told. */
  summaries: Summary[];
  /** Names the page above; null when the first message is there. */
  prevCursor: string | null;
}

export type ThreadPage = Pick<Thread, "messages" | "comparisons" | "prevCursor">;

/** The comparisons of both, each once, as the later list says; only those about the messages. */
function joined(messages: readonly Message[], ...lists: readonly (readonly Comparison[])[]): Comparison[] {
  const questions = new Set(messages.map(({ id }) => id));
  const byId = new Map(lists.flat().map((comparison) => [comparison.id, comparison]));
  return [...byId.values()].filter(({ questionId }) => questions.has(questionId));
}

/** A fresh last page laid under what had been paged in before, as far as it is the same path. */
export function mergeThread(old: Thread | undefined, fresh: Thread): Thread {
  const first = fresh.messages[0];
  if (!old || !first || fresh.prevCursor === null) return fresh;
  const same = old.messages.findIndex(({ id }) => id === first.id);
  const parent = old.messages.findIndex(({ id }) => id === first.parentId);
  const above = same >= 0 ? same : parent + 1;
  if (above === 0) return fresh;
  if (old.messages[above - 1]?.id !== first.parentId) return fresh;
  const messages = [...old.messages.slice(0, above), ...fresh.messages];
  return { ...fresh, messages, comparisons: joined(messages, old.comparisons, fresh.comparisons), prevCursor: old.prevCursor };
}

/** The page above put on top; dropped when the path has changed since it was asked for. */
export function prependPage(thread: Thread, page: ThreadPage): Thread {
  const last = page.messages.at(-1);
  const first = thread.messages[0];
  if (!first || (last && last.id !== first.parentId)) return thread;
  const messages = [...page.messages, ...thread.messages];
  return { ...thread, messages, comparisons: joined(messages, page.comparisons, thread.comparisons), prevCursor: page.prevCursor };
}

/** What several answers to one question are, before the server is asked. */
function comparisonOf(question: Message, answers: Message[]): Comparison[] {
  const [first] = answers;
  if (!first?.comparisonId) return [];
  const isBlind = first.modelAsked === null;
  return [{ id: first.comparisonId, isBlind, isRevealed: !isBlind, questionId: question.id, winner: null, messages: answers }];
}

/** A question with the answers begun becomes the end of the path; null when its place is not held. */
export function putQuestion(thread: Thread, question: Message, answers: Message[]): Thread | null {
  const [first] = answers;
  if (!first) return null;
  const isNew = ({ id }: Message) => id === question.id || answers.some((answer) => answer.id === id);
  const kept = thread.messages.filter((message) => !isNew(message));
  const parent = kept.findIndex(({ id }) => id === question.parentId);
  if (question.parentId !== null && parent < 0) return null;
  const messages = [...kept.slice(0, parent + 1), question, first];
  return {
    chat: { ...thread.chat, activeLeafId: first.id, updatedAt: first.createdAt },
    messages,
    comparisons: joined(messages, thread.comparisons, comparisonOf(question, answers)),
    summaries: thread.summaries.filter(({ uptoMessageId }) => isAbove(thread, messages, uptoMessageId)),
    prevCursor: question.parentId === null ? null : thread.prevCursor,
  };
}

/** Whether the message is still on the path: among `messages`, or further up than was ever held. */
function isAbove(thread: Thread, messages: readonly Message[], id: string): boolean {
  if (messages.some((message) => message.id === id)) return true;
  return messages[0]?.parentId !== null && !thread.messages.some((message) => message.id === id);
}

/** A new version of a message takes the place of the old one; what is not on the path changes nothing. */
export function putMessage(thread: Thread, message: Message): Thread {
  const put = (held: Message) => (held.id === message.id ? message : held);
  const isHeld = (messages: readonly Message[]) => messages.some(({ id }) => id === message.id);
  if (message.comparisonId !== null && thread.comparisons.some(({ messages }) => isHeld(messages))) {
    const comparisons = thread.comparisons.map((one) => (isHeld(one.messages) ? { ...one, messages: one.messages.map(put) } : one));
    return { ...thread, comparisons, messages: thread.messages.map(put) };
  }
  return isHeld(thread.messages) ? { ...thread, messages: thread.messages.map(put) } : thread;
}

/** Another answer to the same question becomes the end of the path. */
export function branchOff(thread: Thread, sibling: Message): Thread {
  const parent = thread.messages.findIndex(({ id }) => id === sibling.parentId);
  if (parent < 0) return thread;
  const messages = [...thread.messages.slice(0, parent + 1), sibling];
  return {
    ...thread,
    chat: { ...thread.chat, activeLeafId: sibling.id },
    messages,
    comparisons: joined(messages, thread.comparisons),
    summaries: thread.summaries.filter(({ uptoMessageId }) => isAbove(thread, messages, uptoMessageId)),
  };
}

/** Whether the page holds the message, on the path or beside it. */
export function holds(thread: Pick<Thread, "messages" | "comparisons">, id: string): boolean {
  const isIt = (message: Message) => message.id === id;
  return thread.messages.some(isIt) || thread.comparisons.some(({ messages }) => messages.some(isIt));
}

/** Every answer under way, in all columns. */
export function running(thread: Pick<Thread, "messages" | "comparisons">): Message[] {
  const byId = new Map<string, Message>();
  for (const message of [...thread.messages, ...thread.comparisons.flatMap(({ messages }) => messages)]) {
    if (message.status === "streaming") byId.set(message.id, message);
  }
  return [...byId.values()];
}

/** Where `message` stands among its siblings, from 0, and the ids beside it; null when it is alone. */
export function siblings({ id, siblingIds }: Message): { at: number; of: number; previous?: string; next?: string } | null {
  const at = siblingIds.indexOf(id);
  if (at < 0 || siblingIds.length < 2) return null;
  return { at, of: siblingIds.length, previous: siblingIds[at - 1], next: siblingIds[at + 1] };
}
