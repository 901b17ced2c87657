import { beforeEach, expect, it, vi } from "vitest";
import { draftKey, emptyDraft, readDraft, writeDraft } from "./drafts";

const key = draftKey("u", "c");
beforeEach(() => localStorage.clear());

it("survives a reload, and leaves nothing behind when emptied", () => {
  const draft = { text: "half a thou", pasted: [{ id: "p", text: "long" }], files: [], model: "tiny", params: { temperature: 0.2 }, compared: ["tiny", "big"], isBlind: true };
  expect(writeDraft(key, draft)).toBe(true);
  expect(readDraft(key)).toEqual(draft);
  expect(readDraft(draftKey("other", "c"))).toEqual(emptyDraft);
  writeDraft(key, emptyDraft);
  expect(localStorage.length).toBe(0);
});

it("reads what is no draft as an empty one", () => {
  for (const broken of ["{", "7", "null", '{"text":1']) {
    localStorage.setItem(key, broken);
    expect(readDraft(key)).toEqual(emptyDraft);
  }
});

it("keeps at least the typed text when storage is full", () => {
  const kept = new Map<string, string>();
  vi.stubGlobal("localStorage", {
    getItem: (name: string) => kept.get(name) ?? null,
    setItem: (name: string, value: string) => {
      if (value.length > 200) throw new DOMException("full", "QuotaExceededError");
      kept.set(name, value);
    },
  });
  expect(writeDraft(key, { ...emptyDraft, text: "typed", pasted: [{ id: "p", text: "x".repeat(500) }] })).toBe(true);
  expect(readDraft(key)).toMatchObject({ text: "typed", pasted: [] });
  expect(writeDraft(key, { ...emptyDraft, text: "x".repeat(500) })).toBe(false);
  vi.unstubAllGlobals();
});
