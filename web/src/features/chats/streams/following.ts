// Which answers are being followed. The chat on screen always is; one or two that were left in
// mid-answer go on, so that their list entry tells the truth. More than four, as many as are compared
// side by side, would use up the six connections a browser opens to one server.
import type { QueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { ChatSummary, Message } from "@/api/types";
import { patchEverywhere, putMessageInto, refetchThread, refreshChat } from "@/features/chats/queries";
import { isConnected } from "@/realtime/realtime";
import { streamEvent } from "./events";
import { follow, pause } from "./reader";
import { streams } from "./store";

const most = 4;

interface Following {
  id: string;
  message: Message;
  abort: AbortController;
}

let chatOnScreen: string | null = null;

/**
 * Tells which chat is being looked at: an answer that ends there has been read. Whoever follows an answer
 * looks at it, for the server; those of other chats are let go where the socket says how they end.
 */
export function setChatOnScreen(chatId: string | null): void {
  chatOnScreen = chatId;
  if (!isConnected()) return;
  for (const { id, message } of followed.filter((item) => item.message.chatId !== chatId)) {
    release(id);
    left = [...left.filter((other) => other.id !== id), message];
  }
}

/** Answers that run on out of sight, as far as this page knows. */
let left: Message[] = [];

/** The chat has moved since: an answer in it that was let go has ended. */
export function settleLeft({ id, unread, updatedAt }: ChatSummary): void {
  forgetLeft((message) => message.chatId === id && (unread || updatedAt > message.createdAt));
}

/** Forgets what was let go, as after a time without news. */
export function forgetLeft(isOver: (message: Message) => boolean = () => true): void {
  for (const message of left.filter(isOver)) if (!followed.some(({ id }) => id === message.id)) streams.drop(message.id);
  left = left.filter((message) => !isOver(message));
}

export function chatOnScreenId(): string | null {
  return chatOnScreen;
}

/** Oldest first. */
let followed: Following[] = [];

function release(id: string): void {
  followed = followed.filter((item) => {
    if (item.id === id) item.abort.abort();
    return item.id !== id;
  });
}

async function open(message: Message, lastEventId: string | null, signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
  const path = { id: message.chatId, messageId: message.id };
  const headers = { Accept: "text/event-stream", ...(lastEventId === null ? {} : { "Last-Event-ID": lastEventId }) };
  const body = await take(
    api.GET("/api/chats/{id}/messages/{messageId}/stream", { params: { path }, headers, parseAs: "stream", signal }),
  );
  // An answer without a body is one that was cut before it began.
  return (body as ReadableStream<Uint8Array> | null) ?? new Response("").body ?? new ReadableStream();
}

/** Shows the finished message and looks once for what its end may have changed in the chat. */
export function concluded(client: QueryClient, message: Message): void {
  streams.finish(message);
  putMessageInto(client, message);
  patchEverywhere(client, message.chatId, { unread: message.chatId !== chatOnScreen });
  refreshChat(client, message.chatId).catch(() => undefined);
  // There is more to tell a model now.
  void client.invalidateQueries({ queryKey: ["context", message.chatId] });
}

async function run(client: QueryClient, message: Message, signal: AbortSignal): Promise<void> {
  const seq = streams.seq(message.id);
  const ended = await follow(
    {
      open: (lastEventId, inner) => open(message, lastEventId, inner),
      onEvent: (raw) => {
        const event = streamEvent(raw);
        if (event === null) return "ok";
        if (event.kind !== "done") return streams.apply(message.id, event);
        concluded(client, event.message);
        return "end";
      },
      onLink: (link) => streams.setLink(message.id, link),
      pause,
    },
    seq === null ? null : String(seq),
    signal,
  );
  if (ended === "gone") {
    streams.drop(message.id);
    await refetchThread(client, message.chatId);
  }
}

/** Follows a running answer to its end; following it twice is following it once. */
export function followAnswer(client: QueryClient, message: Message): void {
  streams.open(message);
  left = left.filter(({ id }) => id !== message.id);
  const known = followed.find(({ id }) => id === message.id);
  if (known) {
    followed = [...followed.filter((item) => item !== known), known];
    return;
  }
  const [oldest] = followed;
  if (oldest && followed.length >= most) {
    release(oldest.id);
    streams.drop(oldest.id);
  }
  const item = { id: message.id, message, abort: new AbortController() };
  followed = [...followed, item];
  void run(client, message, item.abort.signal).finally(() => {
    followed = followed.filter((other) => other !== item);
  });
}

/** Ends the following, as when the server has already said how the answer ended. */
export function stopFollowing(id: string): void {
  release(id);
}

let owner: string | null = null;

/** Answers are followed for one person; those of whoever was here before are forgotten. */
export function followFor(userId: string): void {
  if (owner === userId) return;
  owner = userId;
  for (const { id } of followed) {
    release(id);
    streams.drop(id);
  }
}
