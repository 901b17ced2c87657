import { describe, expect, it } from "vitest";
import { mayHoldMath, normalizeMath } from "./math";

describe("normalizeMath", () => {
  it.each([
    ["money", "It costs $5, or $6 with tax; $5-$10 a month, $1,000 and US$20."],
    ["prices side by side", "$5/$6 and ($7) or **$8** and $9"],
    ["shell variables", "Set $HOME and $PATH, then echo $1 and $2"],
    ["inline code", "Use `$x$` and ``a `$y$` \\(z\\)`` here"],
    ["fenced code", "```tex\n\\[ x \\]\n$a$\n```\n"],
    ["unfinished fenced code", "~~~\n$a$ and \\(b\\)"],
    ["an unfinished formula", "So \\(x + y and $a"],
    ["escaped dollars", "\\$x\\$ stays"],
  ])("leaves %s alone", (_, text) => {
    expect(normalizeMath(text)).toBe(text);
  });

  it.each([
    ["Let $x$ be $y^2 + 1$.", "Let $$x$$ be $$y^2 + 1$$."],
    ["about \\( O(n \\log n) \\) steps", "about $$O(n \\log n)$$ steps"],
    ["\\[ E = mc^2 \\]", "$$\nE = mc^2\n$$"],
    ["\\[\n\\frac{a}{b}\n\\]", "$$\n\\frac{a}{b}\n$$"],
    ["- item\n  \\[ a \\]", "- item\n  $$\n  a\n  $$"],
    ["$$ a + b $$", "$$\na + b\n$$"],
    ["inline \\[ a \\] here", "inline $$ a $$ here"],
    ["$f(x)$ costs $5", "$$f(x)$$ costs $5"],
    ["`$a$` but $b$", "`$a$` but $$b$$"],
  ])("turns %j into %j", (text, out) => {
    expect(normalizeMath(text)).toBe(out);
  });

  it("changes nothing the second time", () => {
    const once = normalizeMath("\\[ a \\] then $b$ and \\(c\\)\n\n$$\nd\n$$\n");
    expect(normalizeMath(once)).toBe(once);
  });
});

it("asks for the renderer only where there may be maths", () => {
  expect(mayHoldMath("a plan for $5 and $6")).toBe(false);
  expect(mayHoldMath("no dollars")).toBe(false);
  expect(mayHoldMath("so $x^2$")).toBe(true);
  expect(mayHoldMath("\\(x\\)")).toBe(true);
});
