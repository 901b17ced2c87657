// What the server says on the stream of one answer, checked before anything is done with it.
import type { Message, MessageStatus } from "@/api/types";
import type { SseEvent } from "./sse";

export type MessageError = NonNullable<Message["error"]>;

export type StreamEvent =
  | { kind: "snapshot"; seq: number; content: string; reasoning: string | null; status: MessageStatus }
  /** Several pieces joined into one begin with the number `from`. */
  | { kind: "delta"; seq: number; from?: number; text: string; reasoning: string }
  | { kind: "status"; seq: number; status: MessageStatus; error: MessageError | null }
  | { kind: "done"; message: Message };

const statuses: readonly string[] = ["streaming", "complete", "stopped", "interrupted", "failed"];

function isStatus(value: unknown): value is MessageStatus {
  return typeof value === "string" && statuses.includes(value);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isMessage(value: unknown): value is Message {
  return isObject(value) && typeof value["id"] === "string" && isStatus(value["status"]);
}

function isError(value: unknown): value is MessageError {
  return isObject(value) && typeof value["code"] === "string";
}

function text(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function parse(data: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** The event as the page understands it; null for one of a kind or shape it does not know. */
export function streamEvent({ event, data }: SseEvent): StreamEvent | null {
  const body = parse(data);
  if (body === null) return null;
  const { seq, status, message } = body;
  if (event === "done") return isMessage(message) ? { kind: "done", message } : null;
  if (typeof seq !== "number") return null;
  if (event === "delta") return { kind: "delta", seq, text: text(body["text"]), reasoning: text(body["reasoning"]) };
  if (!isStatus(status)) return null;
  if (event === "status") {
    return { kind: "status", seq, status, error: isError(body["error"]) ? body["error"] : null };
  }
  if (event !== "snapshot") return null;
  const reasoning = typeof body["reasoning"] === "string" ? body["reasoning"] : null;
  return { kind: "snapshot", seq, content: text(body["content"]), reasoning, status };
}
