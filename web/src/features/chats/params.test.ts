import { expect, it } from "vitest";
import { areEqual, fromForm, isChanged, numberIn, stopsIn, toForm } from "./params";

it("comes back from the form as it went in", () => {
  const params = { systemPrompt: "Be brief.", temperature: 0, topP: 0.9, maxTokens: 400, stop: ["END"], reasoningEffort: "low" as const };
  expect(fromForm(toForm(params))).toEqual(params);
  expect(fromForm(toForm({}))).toEqual({});
});

it("takes an empty field for the model's own value, and a wrong one for nothing", () => {
  expect(numberIn("temperature", " ")).toBeNull();
  expect(numberIn("temperature", "0,5")).toBe(0.5);
  for (const text of ["2.1", "-1", "warm", "Infinity"]) expect(numberIn("temperature", text)).toBeUndefined();
  for (const text of ["0", "1.5", "1000001"]) expect(numberIn("maxTokens", text)).toBeUndefined();
  expect(fromForm({ ...toForm({}), topP: "7" })).toBeNull();
  expect(fromForm({ ...toForm({}), effort: "heroic" })).toEqual({});
});

it("knows whether anything was set", () => {
  expect(isChanged({})).toBe(false);
  expect(isChanged({ temperature: 0 })).toBe(true);
  expect(areEqual({ temperature: 0 }, { temperature: 0, systemPrompt: undefined })).toBe(true);
});

it("takes a text that ends an answer from each line, line ends written out", () => {
  const params = { stop: ["END", "\n\n"] };
  expect(toForm(params).stop).toBe("END\n\\n\\n");
  expect(fromForm(toForm(params))).toEqual(params);
  expect(stopsIn("a\n\na\nb")).toEqual(["a", "b"]);
  expect(stopsIn("a\nb\nc\nd\ne")).toBeUndefined();
});
