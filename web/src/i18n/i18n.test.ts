import { readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { differences, unused } from "../../scripts/i18n-diff.mjs";
import { currentLocale, setLocale, startI18n, storedLocale } from ".";
import { formatAgo } from "./format";
import { en } from "./messages";

describe("the comparison of languages", () => {
  it("finds nothing where all is well", () => {
    expect(differences({ a: "x {{n}}", b: { c: "y" } }, { a: "{{n}} z", b: { c: "w" } })).toEqual([]);
  });

  it("finds what is missing, unknown, empty or with other variables", () => {
    const english = { a: "x", b: "{{name}}", c: { d: "deep" }, e: "full" };
    expect(differences(english, { b: "{{nam}}", c: {}, e: " ", f: "new" })).toEqual([
      "a: missing",
      "b: other variables than in English",
      "c.d: missing",
      "e: empty",
      "f: unknown in English",
    ]);
  });

  it("finds keys that the code has forgotten", () => {
    expect(unused({ used: "x", gone: "y", days_one: "d", days_other: "d" }, 't("used"); t("days", { count })')).toEqual(["gone"]);
  });
});

it("has a sentence for every error of the server, and for no other", () => {
  const table = readFileSync(join(import.meta.dirname, "../../../docs/errors.md"), "utf8");
  const codes = [...table.matchAll(/^\| \d+ \| `(\w+)`/gm)].map(([, code]) => code);
  expect(codes.length).toBeGreaterThan(20);
  const ours = ["network_unreachable", "unknown"];
  expect(Object.keys(en.common.problems).toSorted()).toEqual([...codes, ...ours].toSorted());
});

describe("the language of the page", () => {
  beforeAll(startI18n);

  it("is remembered and set on the document", async () => {
    await setLocale("hi-Latn");
    expect([currentLocale(), storedLocale(), document.documentElement.lang]).toEqual(["hi-Latn", "hi-Latn", "hi-Latn"]);
    await setLocale("en");
    expect(storedLocale()).toBe("en");
  });

  it("falls back to English when something else is stored", () => {
    localStorage.setItem("sangam.locale", "tlh");
    expect(storedLocale()).toBe("en");
  });

  it("tells how long ago something was", async () => {
    const now = Date.parse("2026-11-22T12:00:00Z");
    const ago = (iso: string) => formatAgo(iso, now);
    expect(["2026-11-22T11:59:30Z", "2026-11-22T11:59:00Z", "2026-11-22T09:00:00Z", "2026-11-21T11:00:00Z", "2026-11-19T11:00:00Z"].map(ago)).toEqual([
      "just now",
      "1 minute ago",
      "3 hours ago",
      "yesterday",
      "3 days ago",
    ]);
    expect(ago("2026-10-01T12:00:00Z")).toContain("2026");
    await setLocale("hi-Latn");
    expect(ago("2026-11-22T09:00:00Z")).toBe("3 ghante pehle");
    await setLocale("en");
  });
});
