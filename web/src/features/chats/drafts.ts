// What was typed and not sent, per person and chat, so that a reload or a failed send loses nothing.
import type { FileView, Params } from "@/api/types";
import type { Pasted } from "./paste";

export interface Draft {
  text: string;
  pasted: Pasted[];
  /** What stands ready on the server to go with it. */
  files: FileView[];
  /** The model picked for the next message; null leaves it to the chat. */
  model: string | null;
  /** Parameters picked before the chat exists; afterwards the chat holds them. */
  params: Params;
  /** The models that are to be compared; null while one answers. */
  compared: string[] | null;
  /** Whether their names are to be hidden until the vote. */
  isBlind: boolean;
}

export const emptyDraft: Draft = { text: "", pasted: [], files: [], model: null, params: {}, compared: null, isBlind: false };

const prefix = "sangam.draft.";
/** The name of the draft of a chat that does not exist yet. */
export const newChat = "new";

export function draftKey(userId: string, chatId: string): string {
  return `${prefix}${userId}.${chatId}`;
}

function isDraft(value: unknown): value is Draft {
  return typeof value === "object" && value !== null && "text" in value && "pasted" in value && "params" in value;
}

/** The draft kept under `key`; an empty one when there is none or it cannot be read, or without a key. */
export function readDraft(key: string | null): Draft {
  if (key === null) return emptyDraft;
  try {
    const value: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    return isDraft(value) ? { ...emptyDraft, ...value } : emptyDraft;
  } catch {
    return emptyDraft;
  }
}

export function isEmpty(draft: Draft): boolean {
  const { text, pasted, files, model, params, compared } = draft;
  return text === "" && pasted.length === 0 && files.length === 0 && model === null && compared === null && Object.keys(params).length === 0;
}

/** Keeps the draft; with storage full, at least its typed text. False when nothing could be kept. */
export function writeDraft(key: string | null, draft: Draft): boolean {
  if (key === null) return false;
  for (const kept of [draft, { ...draft, pasted: [] }]) {
    try {
      if (isEmpty(kept)) localStorage.removeItem(key);
      else localStorage.setItem(key, JSON.stringify(kept));
      return true;
    } catch {
      // Full or closed: the second round tries without the pasted texts.
    }
  }
  return false;
}
