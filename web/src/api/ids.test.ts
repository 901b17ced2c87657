import { expect, it } from "vitest";
import { newId } from "./ids";

it("makes UUIDs of version 7 that sort by time and do not repeat", () => {
  const ids = [1, 1_700_000_000_000, 1_700_000_000_001, 4_000_000_000_000].map((ms) => newId(ms));
  for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(ids.toSorted()).toEqual(ids);
  expect(Number.parseInt(newId(1_700_000_000_000).replace("-", "").slice(0, 12), 16)).toBe(1_700_000_000_000);
  expect(new Set(Array.from({ length: 1_000 }, () => newId(5))).size).toBe(1_000);
});
