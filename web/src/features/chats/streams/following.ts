// Which answers are being followed, and over what. While its chat is joined by socket an answer
// comes with that; over a stream of its own when there is no socket, when a number was missed, or
// when the socket has said nothing for a while. Without a socket those that were left in mid-answer go
// on, so that their list entry tells the truth; more than four streams, as many as are compared side
// by side, would use up the six connections a browser opens to one server.
import type { QueryClient } from "@tanstack/react-query";
import { api, take } from "@/api/client";
import type { ChatSummary, Message } from "@/api/types";
import { patchEverywhere, putMessageInto, refetchThread, refreshChat } from "@/features/chats/queries";
import { type Delta, isConnected, type Running, type ServerEvents } from "@/realtime/realtime";
import { Early } from "./early";
import { streamEvent } from "./events";
import { follow, pause } from "./reader";
import { streams } from "./store";

const mostStreams = 4;
/** A model may think for longer; then the stream shows nothing new either, and costs little. */
const quietMs = 12_000;

interface Following {
  message: Message;
  client: QueryClient;
  /** Set while a stream is open; otherwise the socket feeds it. */
  stream: AbortController | null;
  quiet: ReturnType<typeof setTimeout> | undefined;
}

let chatOnScreen: string | null = null;

/**
 * Tells which chat is being looked at: an answer that ends there has been read. Whoever follows an answer
 * looks at it, for the server; those of other chats are let go where the socket says how they end.
 */
export function setChatOnScreen(chatId: string | null): void {
  chatOnScreen = chatId;
  if (!isConnected()) return;
  for (const { message } of followed.filter((item) => item.message.chatId !== chatId)) {
    release(message.id);
    left = [...left.filter(({ id }) => id !== message.id), message];
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
  for (const message of left.filter(isOver)) if (!of(message.id)) streams.drop(message.id);
  left = left.filter((message) => !isOver(message));
}

export function chatOnScreenId(): string | null {
  return chatOnScreen;
}

/** Oldest first. */
let followed: Following[] = [];
/** The chats whose answers come by socket. */
const joined = new Set<string>();
/** What came by socket before the page knew of the answer. */
const early = new Early();

function of(id: string): Following | undefined {
  return followed.find(({ message }) => message.id === id);
}

function release(id: string): void {
  const item = of(id);
  if (!item) return;
  clearTimeout(item.quiet);
  item.stream?.abort();
  followed = followed.filter((other) => other !== item);
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

async function run({ client, message }: Following, signal: AbortSignal): Promise<void> {
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

/** Follows over a stream of its own from now on. */
function toStream(item: Following): void {
  if (item.stream || !followed.includes(item)) return;
  clearTimeout(item.quiet);
  const streaming = followed.filter(({ stream }) => stream !== null);
  const [oldest] = streaming;
  if (oldest && streaming.length >= mostStreams) {
    release(oldest.message.id);
    streams.drop(oldest.message.id);
  }
  const abort = new AbortController();
  item.stream = abort;
  void run(item, abort.signal).finally(() => {
    if (item.stream === abort) followed = followed.filter((other) => other !== item);
  });
}

/** Follows by socket from now on, as long as that says something. */
function toSocket(item: Following): void {
  item.stream?.abort();
  item.stream = null;
  streams.setLink(item.message.id, "live");
  clearTimeout(item.quiet);
  item.quiet = setTimeout(() => toStream(item), quietMs);
}

/** Follows a running answer to its end; following it twice is following it once. */
export function followAnswer(client: QueryClient, message: Message): void {
  streams.open(message);
  left = left.filter(({ id }) => id !== message.id);
  const known = of(message.id);
  if (known) {
    followed = [...followed.filter((item) => item !== known), known];
    return;
  }
  const item: Following = { message, client, stream: null, quiet: undefined };
  followed = [...followed, item];
  const isFed = joined.has(message.chatId) && early.replay(message).every((event) => streams.apply(message.id, event) === "ok");
  if (isFed && streams.seq(message.id) !== null) toSocket(item);
  else toStream(item);
}

/** Ends the following, as when the server has already said how the answer ended. */
export function stopFollowing(id: string): void {
  release(id);
}

/** The chat's room was entered: its answers come by socket, from where these say they are. */
export function roomEntered(chatId: string, running: readonly Running[]): void {
  joined.add(chatId);
  for (const { messageId, seq, content, reasoning } of running) {
    const snapshot = { kind: "snapshot", seq, content, reasoning, status: "streaming" } as const;
    const item = of(messageId);
    if (!item) {
      early.snapshot(messageId, snapshot);
      continue;
    }
    // Its own stream may be further on than the room was when it was entered.
    const isBehind = (streams.seq(messageId) ?? 0) > seq;
    if (!isBehind && streams.apply(messageId, snapshot) === "ok") toSocket(item);
  }
}

/** The room was left, or the connection broke. */
export function roomLeft(chatId: string): void {
  if (!joined.delete(chatId)) return;
  early.clear();
  // What is left behind while the connection stands is let go: see `setChatOnScreen`.
  if (isConnected()) return;
  for (const item of followed.filter(({ message }) => message.chatId === chatId)) toStream(item);
}

export function pieceArrived({ chatId, messageId, seq, from, text = "", reasoning = "" }: Delta): void {
  if (!joined.has(chatId)) return;
  const piece = { kind: "delta", seq, ...(from === undefined ? {} : { from }), text, reasoning } as const;
  const item = of(messageId);
  if (!item) early.piece(messageId, piece);
  else if (item.stream === null) {
    if (streams.apply(messageId, piece) === "gap") toStream(item);
    else toSocket(item);
  }
}

export function statusArrived({ messageId, seq, status, error }: ServerEvents["message:status"]): void {
  if (of(messageId)?.stream === null) streams.apply(messageId, { kind: "status", seq, status, error: error ?? null });
}

/** The server has said by socket how an answer ended. */
export function endArrived(client: QueryClient, message: Message): void {
  early.forget(message.id);
  if (!of(message.id)) return putMessageInto(client, message);
  release(message.id);
  concluded(client, message);
}

let owner: string | null = null;

/** Answers are followed for one person; those of whoever was here before are forgotten. */
export function followFor(userId: string): void {
  if (owner === userId) return;
  owner = userId;
  for (const { message } of followed) {
    release(message.id);
    streams.drop(message.id);
  }
}
