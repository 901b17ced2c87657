// The one message that is being put in other words. It is kept here, because its row is taken out of
// the page when it is scrolled far away.
import { create } from "zustand";
import { newId } from "@/api/ids";
import type { Message } from "@/api/types";

interface Editing {
  messageId: string;
  text: string;
  /** The id that the new message will have, over all tries. */
  newId: string;
}

export const useEditing = create<{ editing: Editing | null }>(() => ({ editing: null }));

export function beginEditing({ id, content }: Message): void {
  useEditing.setState({ editing: { messageId: id, text: content, newId: newId() } });
}

export function changeEdited(text: string): void {
  useEditing.setState(({ editing }) => ({ editing: editing && { ...editing, text } }));
}

export function endEditing(): void {
  useEditing.setState({ editing: null });
}

/** What is being written in place of this message; null when it is not the one. */
export function useEdited(messageId: string): Editing | null {
  return useEditing(({ editing }) => (editing?.messageId === messageId ? editing : null));
}
