import { expect, it } from "vitest";
import { staysStuck } from "./useSticky";

const position = (top: number, height = 2_000) => ({ top, height, viewport: 500 });

it("follows growth, however fast it comes", () => {
  expect(staysStuck(true, position(1_500), position(1_500, 3_000))).toBe(true);
  expect(staysStuck(true, position(1_500), position(1_600, 3_000))).toBe(true);
});

it("lets go when the person scrolls up, and takes hold within 80 px of the end", () => {
  expect(staysStuck(true, position(1_500), position(1_300))).toBe(false);
  expect(staysStuck(false, position(1_300), position(1_410))).toBe(false);
  expect(staysStuck(false, position(1_300), position(1_421))).toBe(true);
});

it("does not take a shrinking list for a person", () => {
  expect(staysStuck(true, position(1_500), position(1_200, 1_900))).toBe(true);
});
