// The one socket of the page. It is an addition: whatever comes by it can be had by asking, and is
// asked for whenever the connection was away. Where sockets are blocked nothing else is missing.
import { useEffect, useSyncExternalStore } from "react";
import type { Socket } from "socket.io-client";
import { api, take } from "@/api/client";
import { type EventName, Listeners, type ServerEvents } from "./events";
import { keepConnected } from "./keep";
import { type Joined, Rooms } from "./rooms";

export type { Delta, EventName, Person, Running, ServerEvents } from "./events";
export type { Joined } from "./rooms";

const answerMs = 10_000;

const listeners = new Listeners();
const connection = new Set<() => void>();
const rooms = new Rooms((name, chatId) => ask(name, { chatId }));

let socket: Socket | null = null;
let isUp = false;

async function ask(name: string, payload: object): Promise<unknown> {
  if (!socket?.connected) return null;
  try {
    return await socket.timeout(answerMs).emitWithAck(name, payload);
  } catch {
    return null;
  }
}

/** Calls `listener` for every event of this name from now on; returns how to stop. */
export function onEvent<Name extends EventName>(name: Name, listener: (event: ServerEvents[Name]) => void): () => void {
  return listeners.add(name, listener);
}

/** The same, while the caller is mounted. Pass a stable function. */
export function useEvent<Name extends EventName>(name: Name, listener: (event: ServerEvents[Name]) => void): void {
  useEffect(() => onEvent(name, listener), [name, listener]);
}

/**
 * Looks at a chat: its events come until the returned function is called. `onJoined` is called with
 * what is running there, again after each new connection; never where there is no connection.
 */
export function joinChat(chatId: string, onJoined: (joined: Joined) => void): () => void {
  return rooms.join(chatId, onJoined);
}

/** Tells the others in a joined chat; lost without a connection, as it should be. */
export function sayTyping(chatId: string, isTyping: boolean): void {
  if (socket?.connected) socket.emit("typing", { chatId, isTyping });
}

/** Whether events arrive at this moment. */
export function isConnected(): boolean {
  return isUp;
}

/** Calls `listener` after each change of `isConnected`; returns how to stop. */
export function onConnection(listener: () => void): () => void {
  connection.add(listener);
  return () => connection.delete(listener);
}

export function useConnected(): boolean {
  return useSyncExternalStore(onConnection, isConnected);
}

/** Calls `listener` after each connection made: events may have been missed before it. */
export function onConnected(listener: () => void): () => void {
  return onConnection(() => isUp && listener());
}

function report(up: boolean): void {
  if (up === isUp) return;
  isUp = up;
  if (up) rooms.joinAll();
  for (const listener of connection) listener();
}

/** Where the sockets are: at a port of their own, or where the page is. */
function address(port: number | null): string {
  return port === null ? location.origin : `${location.protocol}//${location.hostname}:${port}`;
}

async function start(signal: AbortSignal): Promise<void> {
  const asked = take(api.GET("/api/instance")).catch(() => null);
  const [{ io }, instance] = await Promise.all([import("socket.io-client"), asked]);
  if (signal.aborted) return;
  const made = io(address(instance?.socketPort ?? null), {
    // Another port is another origin.
    withCredentials: true,
    path: "/socket.io/",
    autoConnect: false,
    transports: ["websocket", "polling"],
    tryAllTransports: true,
    reconnectionDelayMax: 10_000,
  });
  socket = made;
  made.on("connect", () => report(true));
  made.on("disconnect", () => report(false));
  made.onAny((name: string, payload: unknown) => listeners.tell(name, payload));
  // Any call renews a cookie that has run out, or finds that the session has ended.
  keepConnected(made, () => take(api.GET("/api/auth/me")).catch(() => undefined), signal);
  made.connect();
}

/** Keeps the connection of the person signed in while the caller is mounted. */
export function useRealtime(): void {
  useEffect(() => {
    const abort = new AbortController();
    start(abort.signal).catch(() => undefined);
    return () => {
      abort.abort();
      socket = null;
      report(false);
    };
  }, []);
}

listeners.add("chat:created", ({ chat }) => rooms.chatExists(chat.id));
