import { expect, it } from "vitest";
import { Cutter, extend, noSegments } from "./segments";

const paragraph = `${"Plain words in a row. ".repeat(20)}\n\n`;
const long = paragraph.repeat(12);

function all(text: string): string[] {
  const { settled, length } = extend(noSegments, text);
  return [...settled, text.slice(length)];
}

it("leaves short texts whole", () => {
  expect(extend(noSegments, paragraph)).toBe(noSegments);
});

it("cuts long texts between paragraphs and loses nothing", () => {
  const parts = all(long.repeat(4));
  expect(parts.length).toBeGreaterThan(3);
  expect(parts.join("")).toBe(long.repeat(4));
  for (const part of parts.slice(1)) expect(part.startsWith("Plain")).toBe(true);
});

it("keeps what has settled while the text grows", () => {
  const text = `${long}# Heading\n\n${long}- a list\n- of two\n\n${long}`;
  let known = noSegments;
  for (let end = 0; end <= text.length; end += 37) {
    const next = extend(known, text.slice(0, end));
    expect(next.settled.slice(0, known.settled.length)).toEqual(known.settled);
    known = next;
  }
  expect(extend(known, text).settled).toEqual(extend(noSegments, text).settled);
});

it.each([
  ["fenced code", `\`\`\`python\n${long}\`\`\`\n`],
  ["tilde fences with backticks inside", `~~~~\n\`\`\`\n${long}\`\`\`\n~~~\n${long}~~~~\n`],
  ["display maths", `$$\n${long}$$\n`],
  ["bracket maths", `\\[\n${long}\\]\n`],
])("never cuts inside %s", (_, block) => {
  const parts = all(`${long}${block}${long}`);
  expect(parts.some((part) => part.includes(block))).toBe(true);
});

it("never parts the items of a list, a quote or indented code", () => {
  const loose = `${"- item\n\n  more of it\n\n".repeat(600)}`;
  expect(all(loose)).toHaveLength(1);
  expect(all("> quoted\n\n".repeat(600))).toHaveLength(1);
  expect(all("    code\n\n".repeat(800))).toHaveLength(1);
});

it("begins anew with another text", () => {
  const cutter = new Cutter();
  cutter.cut(long.repeat(3));
  expect(cutter.cut("short").settled).toEqual([]);
  expect(cutter.cut(long.repeat(3))).toEqual(extend(noSegments, long.repeat(3)));
});
