// The messages of one chat as the page holds them: the lower end of the path from the root to the
// active leaf, longer the further one has paged up. All functions are pure.
import type { Chat, Message } from "@/api/types";

export interface Thread {
  chat: Chat;
  /** Oldest first. */
  messages: Message[];
  /** Names the page above; null when the first message is there. */
  prevCursor: string | null;
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
  return { ...fresh, messages: [...old.messages.slice(0, above), ...fresh.messages], prevCursor: old.prevCursor };
}

/** The page above put on top; dropped when the path has changed since it was asked for. */
export function prependPage(thread: Thread, page: Pick<Thread, "messages" | "prevCursor">): Thread {
  const last = page.messages.at(-1);
  const first = thread.messages[0];
  if (!first || (last && last.id !== first.parentId)) return thread;
  return { ...thread, messages: [...page.messages, ...thread.messages], prevCursor: page.prevCursor };
}

/** A sent question and the answer begun; null when they do not follow the last message held. */
export function appendPair(thread: Thread, user: Message, assistant: Message): Thread | null {
  const kept = thread.messages.filter(({ id }) => id !== user.id && id !== assistant.id);
  const last = kept.at(-1);
  if ((last?.id ?? null) !== user.parentId) return null;
  return {
    ...thread,
    chat: { ...thread.chat, activeLeafId: assistant.id, updatedAt: assistant.createdAt },
    messages: [...kept, user, assistant],
  };
}

/** A new version of a message takes the place of the old one; what is not on the path changes nothing. */
export function putMessage(thread: Thread, message: Message): Thread {
  if (!thread.messages.some(({ id }) => id === message.id)) return thread;
  return { ...thread, messages: thread.messages.map((held) => (held.id === message.id ? message : held)) };
}

/** Another answer to the same question becomes the end of the path. */
export function branchOff(thread: Thread, sibling: Message): Thread {
  const parent = thread.messages.findIndex(({ id }) => id === sibling.parentId);
  if (parent < 0) return thread;
  return {
    ...thread,
    chat: { ...thread.chat, activeLeafId: sibling.id },
    messages: [...thread.messages.slice(0, parent + 1), sibling],
  };
}

/** Where `message` stands among its siblings, from 0, and the ids beside it; null when it is alone. */
export function siblings({ id, siblingIds }: Message): { at: number; of: number; previous?: string; next?: string } | null {
  const at = siblingIds.indexOf(id);
  if (at < 0 || siblingIds.length < 2) return null;
  return { at, of: siblingIds.length, previous: siblingIds[at - 1], next: siblingIds[at + 1] };
}
