import { expect, it } from "vitest";
import { becomesChip, byteCount, chipFrom, firstLines, inlined, lineCount } from "./paste";

it("makes a chip of a long paste only", () => {
  expect(becomesChip("x".repeat(chipFrom))).toBe(false);
  expect(becomesChip("x".repeat(chipFrom + 1))).toBe(true);
});

it("counts lines as an editor does", () => {
  expect(["", "a", "a\n", "a\nb", "a\n\n", "\n"].map(lineCount)).toEqual([1, 1, 1, 2, 2, 1]);
  expect(lineCount("row\n".repeat(20_000))).toBe(20_000);
});

it("shows the first lines alone", () => {
  expect(firstLines("a\nb\nc", 2)).toBe("a\nb");
  expect(firstLines("a\nb", 5)).toBe("a\nb");
  expect(byteCount("नमस्ते")).toBe(18);
});

it("sends the typed text first, then every pasted one", () => {
  const pasted = [
    { id: "1", text: "one\r\ntwo\r\n" },
    { id: "2", text: "three" },
  ];
  expect(inlined("  Explain this:  ", pasted)).toBe("Explain this:\n\none\ntwo\n\nthree");
  expect(inlined("   ", pasted)).toBe("one\ntwo\n\nthree");
  expect(inlined(" hi ", [])).toBe("hi");
});
