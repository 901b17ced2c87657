// What the server says over the socket, by the name of the event; each comes as one object.
import type { ChatSummary, FileView, Job, Message, MessageStatus, Notification } from "@/api/types";

/** Somebody looking at a chat, in one session. */
export interface Person {
  sessionId: string;
  userId: string;
  name: string;
  device: string | null;
  isYou?: boolean;
}

/** An answer under way, as far as it had come when the chat was joined. */
export interface Running {
  messageId: string;
  seq: number;
  content: string;
  reasoning: string | null;
}

/** A piece of an answer; several may be joined, and then they begin with the number `from`. */
export interface Delta {
  chatId: string;
  messageId: string;
  seq: number;
  from?: number;
  text?: string;
  reasoning?: string;
}

export interface ServerEvents {
  "chat:created": { chat: ChatSummary };
  "chat:updated": { chat: ChatSummary };
  "chat:deleted": { chatId: string };
  "folders:changed": Record<string, never>;
  notification: { notification: Notification; unreadCount: number };
  "notifications:read": { unreadCount: number };
  "job:progress": { job: Job };
  "file:updated": { file: FileView };
  "message:created": { chatId: string; userMessage: Message | null; assistantMessages: Message[] };
  "message:delta": Delta;
  "message:status": { chatId: string; messageId: string; seq: number; status: MessageStatus; error?: Message["error"] };
  "message:done": { chatId: string; message: Message };
  "message:updated": { chatId: string; message: Message };
  presence: { chatId: string; people: Person[] };
  typing: { chatId: string; sessionId: string; userId: string; name: string; isTyping: boolean };
}

export type EventName = keyof ServerEvents;

type Listener<Name extends EventName> = (event: ServerEvents[Name]) => void;

/** Who listens to what. It outlives every connection, so a listener need not know of any. */
export class Listeners {
  private readonly byName = new Map<string, Set<Listener<never>>>();

  add<Name extends EventName>(name: Name, listener: Listener<Name>): () => void {
    const set = this.byName.get(name) ?? new Set();
    this.byName.set(name, set.add(listener as Listener<never>));
    return () => set.delete(listener as Listener<never>);
  }

  /** Tells everybody; one that fails does not keep the news from the others. */
  tell(name: string, payload: unknown): void {
    if (typeof payload !== "object" || payload === null) return;
    for (const listener of this.byName.get(name) ?? []) {
      try {
        listener(payload as never);
      } catch (error) {
        console.error(error);
      }
    }
  }
}
