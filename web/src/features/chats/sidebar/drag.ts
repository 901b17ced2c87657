// Chats dragged onto folders. Only our own rows can be dropped: the kind says so.
import type { DragEvent } from "react";
import { useListState } from "./state";

const kind = "application/x-sangam-chats";

/** Takes along the chat, and every chosen one when it is among them. */
export function startDrag(event: DragEvent, id: string): void {
  const { chosen } = useListState.getState();
  const ids = chosen?.has(id) ? [...chosen] : [id];
  event.dataTransfer.setData(kind, JSON.stringify(ids));
  event.dataTransfer.effectAllowed = "copyMove";
}

/** Whether what hangs over an element can be dropped there. */
export function isDroppable(event: DragEvent): boolean {
  return event.dataTransfer.types.includes(kind);
}

export function droppedIds(event: DragEvent): string[] {
  try {
    const ids: unknown = JSON.parse(event.dataTransfer.getData(kind));
    return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === "string") : [];
  } catch {
    return [];
  }
}
