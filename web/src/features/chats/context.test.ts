import { expect, it } from "vitest";
import type { ContextFill } from "@/api/types";
import { fillOf, roughTokens } from "./context";

const context: ContextFill = {
  model: "tiny",
  contextLength: 1_000,
  usedTokens: 300,
  answerTokens: 200,
  estimated: true,
  isFull: false,
  summaryId: null,
  parts: [
    { kind: "systemPrompt", tokens: 0, count: 0 },
    { kind: "messages", tokens: 300, count: 4 },
  ],
};

it("fills the room with what is told, the question and the answer's reserve", () => {
  const fill = fillOf(context, 100);
  expect(fill.parts.map(({ kind, share }) => [kind, share])).toEqual([
    ["messages", 0.3],
    ["question", 0.1],
    ["reserve", 0.2],
  ]);
  expect([fill.used, fill.whole, fill.level]).toEqual([400, 1_000, 0.5]);
});

it("never draws more than the whole, and says when it is too much", () => {
  const fill = fillOf(context, 4_500);
  expect(fill.level).toBe(6);
  expect(fill.parts.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
});

it("guesses tokens without reading the text", () => {
  expect([roughTokens(0), roughTokens(36)]).toEqual([0, 10]);
});
