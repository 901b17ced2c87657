import { useCallback, useSyncExternalStore } from "react";
import type { Message } from "@/api/types";
import { type Link, streams, type StreamView } from "./store";

/** The message as it stands at this moment: the server's row, or what its stream has said since. */
export function shownMessage(message: Message, view: StreamView | undefined): Message {
  if (message.status !== "streaming" || !view) return message;
  if (view.final) return view.final;
  const { content, reasoning, status, error } = view;
  // An answer only grows: after a broken connection the row may know more than the stream did.
  const ahead = message.content.length > content.length;
  return {
    ...message,
    content: ahead ? message.content : content,
    reasoning: ahead ? message.reasoning : reasoning,
    status,
    error,
  };
}

/** `message` kept up to date by its stream, at most twenty times a second. */
export function useStreamed(message: Message): { message: Message; link: Link; reasonedMs: number | null } {
  const { id } = message;
  const subscribe = useCallback((listener: () => void) => streams.subscribe(id, listener), [id]);
  const view = useSyncExternalStore(subscribe, () => streams.view(id));
  return { message: shownMessage(message, view), link: view?.link ?? "live", reasonedMs: view?.reasonedMs ?? null };
}

const subscribeRunning = (listener: () => void) => streams.subscribeRunning(listener);

/** The chats that have an answer under way, as far as this page knows. */
export function useRunningChats(): readonly string[] {
  return useSyncExternalStore(subscribeRunning, () => streams.runningChats());
}
