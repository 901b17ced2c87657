import { expect, it } from "vitest";
import { hostOf, safeHref } from "./links";

it("follows the web and mail only", () => {
  expect(safeHref("https://example.org/a?b#c")).toBe("https://example.org/a?b#c");
  expect(safeHref("mailto:a@b.c")).toBe("mailto:a@b.c");
  expect(safeHref("#user-content-fn-1")).toBe("#user-content-fn-1");
  for (const bad of ["javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "/admin", "vbscript:x", "", undefined]) {
    expect(safeHref(bad)).toBeUndefined();
  }
});

it("names the host of a source", () => {
  expect(hostOf("https://www.example.org/x")).toBe("example.org");
  expect(hostOf("not a url")).toBe("not a url");
});
