// One question to several models: which, and what is sent; pure.
import type { Draft } from "./drafts";

export const fewest = 2;
export const most = 4;
/** A blind comparison is of two. */
export const blindCount = 2;

/** Comparing begun with the model at hand, or ended. */
export function toggled(compared: string[] | null, chosen: string | null): Pick<Draft, "compared" | "isBlind"> {
  if (compared !== null) return { compared: null, isBlind: false };
  return { compared: chosen === null ? [] : [chosen], isBlind: false };
}

export function withModel(compared: readonly string[], id: string): string[] {
  return compared.includes(id) || compared.length >= most ? [...compared] : [...compared, id];
}

export function withoutModel(compared: readonly string[], id: string): string[] {
  return compared.filter((held) => held !== id);
}

/** Whom a written question is put to; `chosen` answers when nothing is compared. */
export function asked({ compared, isBlind }: Pick<Draft, "compared" | "isBlind">, chosen: string | null): { model: string | null; models?: string[]; blind?: boolean } {
  if (compared === null || compared.length < fewest) return { model: chosen };
  const blind = isBlind && compared.length === blindCount;
  return { model: compared[0] ?? chosen, models: compared, ...(blind ? { blind } : {}) };
}
