// The parameters of a chat as a form of texts, where empty means the model's own; pure.
import type { Params } from "@/api/types";

export const efforts = ["minimal", "low", "medium", "high"] as const;

export interface ParamsForm {
  systemPrompt: string;
  temperature: string;
  topP: string;
  maxTokens: string;
  /** One text on each line; `\n` stands for a line end. */
  stop: string;
  effort: string;
}

/** Texts that end an answer, at the most. */
export const mostStops = 4;

export type NumberField = "temperature" | "topP" | "maxTokens";

export const ranges: Record<NumberField, { least: number; most: number; isWhole: boolean }> = {
  temperature: { least: 0, most: 2, isWhole: false },
  topP: { least: 0, most: 1, isWhole: false },
  maxTokens: { least: 1, most: 1_000_000, isWhole: true },
};

function shown(value: number | undefined | null): string {
  return value === undefined || value === null ? "" : String(value);
}

export function toForm(params: Params): ParamsForm {
  return {
    systemPrompt: params.systemPrompt ?? "",
    temperature: shown(params.temperature),
    topP: shown(params.topP),
    maxTokens: shown(params.maxTokens),
    stop: (params.stop ?? []).map((text) => text.replaceAll("\n", "\\n")).join("\n"),
    effort: params.reasoningEffort ?? "",
  };
}

/** The number a text means; null when empty, undefined when it is none or out of range. */
export function numberIn(field: NumberField, text: string): number | null | undefined {
  const trimmed = text.trim().replace(",", ".");
  if (trimmed === "") return null;
  const { least, most, isWhole } = ranges[field];
  const value = Number(trimmed);
  const isFine = Number.isFinite(value) && value >= least && value <= most && (!isWhole || Number.isInteger(value));
  return isFine ? value : undefined;
}

/** The texts that a field means; undefined when there are too many. */
export function stopsIn(text: string): string[] | undefined {
  const stops = [...new Set(text.split("\n").filter((line) => line !== ""))].map((line) => line.replaceAll("\\n", "\n"));
  return stops.length <= mostStops ? stops : undefined;
}

/** The parameters the form means; null while a field is wrong. */
export function fromForm(form: ParamsForm): Params | null {
  const temperature = numberIn("temperature", form.temperature);
  const topP = numberIn("topP", form.topP);
  const maxTokens = numberIn("maxTokens", form.maxTokens);
  const stop = stopsIn(form.stop);
  if (temperature === undefined || topP === undefined || maxTokens === undefined || stop === undefined) return null;
  const effort = efforts.find((candidate) => candidate === form.effort);
  return {
    ...(stop.length > 0 ? { stop } : {}),
    ...(form.systemPrompt.trim() === "" ? {} : { systemPrompt: form.systemPrompt.trim() }),
    ...(temperature === null ? {} : { temperature }),
    ...(topP === null ? {} : { topP }),
    ...(maxTokens === null ? {} : { maxTokens }),
    ...(effort === undefined ? {} : { reasoningEffort: effort }),
  };
}

export function isChanged(params: Params): boolean {
  return Object.values(params).some((value) => value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0));
}

export function areEqual(one: Params, other: Params): boolean {
  return JSON.stringify(toForm(one)) === JSON.stringify(toForm(other));
}
