// Long pastes do not enter the text box, where they would freeze the browser: each becomes a chip
// beside it, and part of the message when that is sent.

import type { FileView } from "@/api/types";

export interface Pasted {
  id: string;
  text: string;
  /** What it is on the server, once it is there. */
  file?: FileView;
}

/** Longer pastes become chips; in UTF-16 units, about 8 KB of Latin text. */
export const chipFrom = 8_192;

export function becomesChip(text: string): boolean {
  return text.length > chipFrom;
}

/** The number of lines, without splitting the text. */
export function lineCount(text: string): number {
  let lines = 1;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) lines += 1;
  return text.endsWith("\n") ? lines - 1 : lines;
}

/** The first `lines` lines of the text. */
export function firstLines(text: string, lines: number): string {
  let at = -1;
  for (let line = 0; line < lines; line += 1) {
    at = text.indexOf("\n", at + 1);
    if (at < 0) return text;
  }
  return text.slice(0, at);
}

/** Bytes of the text as UTF-8. */
export function byteCount(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** What of the pasted texts goes as a file: none without words of one's own, which ask something of it. */
export function asFiles(typed: string, pasted: readonly Pasted[]): { inline: Pasted[]; files: FileView[] } {
  if (typed.trim() === "") return { inline: [...pasted], files: [] };
  return { inline: pasted.filter(({ file }) => file === undefined), files: pasted.flatMap(({ file }) => file ?? []) };
}

/** The message as it is sent: what was typed, then every pasted text, a blank line between. */
export function inlined(typed: string, pasted: readonly Pasted[]): string {
  const bodies = pasted.map(({ text }) => text.replaceAll("\r\n", "\n").replace(/\n+$/, ""));
  return [typed.trim(), ...bodies].filter((part) => part !== "").join("\n\n");
}
