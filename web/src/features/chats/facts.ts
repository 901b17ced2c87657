// What an answer took, in words; pure.
import type { Message, Params } from "@/api/types";
import { formatNumber } from "@/i18n/format";

/** A duration in the unit that suits it: `420 ms`, `3.2 s`, `75 s`. */
export function durationLabel(ms: number): string {
  if (ms < 1_000) return `${formatNumber(Math.round(ms))} ms`;
  return `${formatNumber(ms / 1_000, { maximumFractionDigits: ms < 10_000 ? 1 : 0 })} s`;
}

/** Tokens a second while the answer was being written; null where it cannot be known. */
export function speed({ usage, ttftMs, latencyMs }: Pick<Message, "usage" | "ttftMs" | "latencyMs">): number | null {
  if (!usage || ttftMs === null || latencyMs === null) return null;
  const seconds = (latencyMs - ttftMs) / 1_000;
  return seconds > 0.05 && usage.completionTokens > 1 ? usage.completionTokens / seconds : null;
}

export type ParamName = "systemPrompt" | "temperature" | "topP" | "maxTokens" | "stop" | "effort";

function number(value: number | null | undefined): string {
  return value === null || value === undefined ? "" : formatNumber(value);
}

/** The parameters that were set, in the order of their form; `stop` with its line ends visible. */
export function paramFacts(params: Params): [ParamName, string][] {
  const { systemPrompt, temperature, topP, maxTokens, stop, reasoningEffort } = params;
  const facts: [ParamName, string][] = [
    ["systemPrompt", systemPrompt?.trim() ?? ""],
    ["temperature", number(temperature)],
    ["topP", number(topP)],
    ["maxTokens", number(maxTokens)],
    ["stop", (stop ?? []).map((text) => JSON.stringify(text)).join(" ")],
    ["effort", reasoningEffort ?? ""],
  ];
  return facts.filter(([, value]) => value !== "");
}
