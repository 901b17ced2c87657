/** A tree of messages: sentences, or groups of them. */
export type Messages = { [key: string]: string | Messages };
export function flatten(messages: Messages, prefix?: string): Record<string, string>;
export function differences(english: Messages, translated: Messages): string[];
export function unused(messages: Messages, code: string): string[];
