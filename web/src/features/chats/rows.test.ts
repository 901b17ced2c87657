import { expect, it } from "vitest";
import type { Comparison, Summary } from "@/api/types";
import { outgoing } from "./send";
import { rowsOf, rowWith, type Shown } from "./rows";
import { aMessage } from "./testing";

const answers = ["a1", "a2"].map((id) => aMessage({ id, parentId: "q1", comparisonId: "x" }));
const comparison: Comparison = { id: "x", isBlind: false, isRevealed: true, questionId: "q1", winner: null, messages: answers };
const summary: Summary = { id: "s", uptoMessageId: "a1", content: "", tokens: 1, coveredMessages: 2, coveredTokens: 9, model: "tiny", createdAt: "" };
const question = aMessage({ id: "q1", role: "user" });
const first: Shown = { messages: [question, aMessage({ id: "a1", comparisonId: "x" })], comparisons: [comparison], summaries: [] };
const longer: Shown = { ...first, messages: [...first.messages, aMessage({ id: "q2", role: "user" }), aMessage({ id: "a3" })], summaries: [summary] };
const kinds = (shown: Shown, open = {}) => rowsOf(shown, [], open).map(({ kind, key }) => `${kind} ${key}`);

it("shows answers side by side while they are the last, and the chosen one afterwards", () => {
  expect(kinds(first)).toEqual(["message q1", "columns x"]);
  expect(kinds(longer)).toEqual(["message q1", "message a1", "summary s", "message q2", "message a3"]);
});

it("shows them as they were opened and closed by hand", () => {
  expect(kinds(first, { x: false })).toEqual(["message q1", "message a1"]);
  expect(kinds(longer, { x: true })).toEqual(["message q1", "columns x", "summary s", "message q2", "message a3"]);
});

it("puts what waits to be sent at the end", () => {
  const item = outgoing({ userId: "u", chatId: "c1", content: "Next", model: null, params: {} }, new Date());
  const rows = rowsOf(first, [item], {});
  expect(rows.map(({ kind }) => kind)).toEqual(["message", "message", "outgoing", "waiting"]);
});

it("finds the row of a message, also of an answer that was not chosen", () => {
  expect(rowWith(rowsOf(first, [], {}), "a2")).toBe(1);
  expect(rowWith(rowsOf(longer, [], {}), "a2")).toBe(1);
  expect(rowWith(rowsOf(longer, [], {}), "q2")).toBe(3);
  expect(rowWith(rowsOf(longer, [], {}), "gone")).toBe(-1);
});
