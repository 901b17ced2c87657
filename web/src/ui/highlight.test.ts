import { expect, it, vi } from "vitest";
import { type BlockHighlighter, grammarOf, languageLabel, startHighlighter } from "./highlight";

// Grammars and the renderer are compiled on first use, which a busy machine takes its time over.
vi.setConfig({ testTimeout: 30_000 });

it("knows languages by the names people write", () => {
  expect(["JS", "py", "c++", "sh", "rs", "yml"].map(grammarOf)).toEqual(["javascript", "python", "cpp", "bash", "rust", "yaml"]);
  expect([grammarOf("brainfuck"), grammarOf("constructor"), grammarOf("")]).toEqual([null, null, null]);
  expect(["js", "rust", "sh", "mystery"].map(languageLabel)).toEqual(["JavaScript", "Rust", "Shell", "mystery"]);
});

const code = `"""A long\nstring"""\ndef add(a: int) -> int:\n    return a + 1  # done\n`.repeat(30);
const text = (block: BlockHighlighter, source: string) =>
  block.advance(source, 1e9).lines.map((line) => line.map((token) => token.text).join(""));

it("colours a growing block like the whole one, in pieces", async () => {
  const whole = (await startHighlighter("python")).advance(code, 1e9);
  const growing = await startHighlighter("python");
  for (let end = 0; end < code.length; end += 53) growing.advance(code.slice(0, end), 1e9);
  expect(growing.advance(code, 1e9)).toEqual(whole);
  expect(text(growing, code).join("\n")).toBe(code.trimEnd());
  expect(new Set(whole.lines.flat().map(({ color }) => color)).size).toBeGreaterThan(2);
});

it("goes on where its time ran out, and begins anew when the text changed", async () => {
  const block = await startHighlighter("python");
  let clock = 0;
  const first = block.advance(code, 5, () => (clock += 10));
  expect(first.rest).toBe(true);
  expect(first.lines.length).toBeLessThan(code.split("\n").length);
  expect(block.advance(code, 1e9).rest).toBe(false);
  expect(text(block, "x = 1\ny = 2")).toEqual(["x = 1", "y = 2"]);
});

it("has the colours of every listed grammar", async () => {
  for (const language of ["bash", "tsx", "dockerfile", "sql", "diff"]) {
    const block = await startHighlighter(language);
    expect(text(block, "select 1;\n")).toEqual(["select 1;"]);
  }
});
