import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Notification } from "@/api/types";
import { asRead, newestOf, newsAfter, putFirst, targetOf } from "./list";
import { gatherMs, News, yieldMs } from "./news";

const told = (id: string, change: Partial<Notification> = {}): Notification => ({
  id,
  kind: "notice",
  title: id,
  detail: null,
  chatId: null,
  link: null,
  readAt: null,
  createdAt: `2026-11-27T10:00:0${id}.000Z`,
  ...change,
});

describe("the held notifications", () => {
  it("have what is told again at the head, once", () => {
    expect(putFirst([told("2"), told("1")], told("1", { title: "again" })).map(({ title }) => title)).toEqual(["again", "2"]);
  });

  it("are read one by one or all, and stay read at the time they were", () => {
    const items = [told("2"), told("1", { readAt: "before" })];
    expect(asRead(items, ["1"], "now").map(({ readAt }) => readAt)).toEqual([null, "before"]);
    expect(asRead(items, null, "now").map(({ readAt }) => readAt)).toEqual(["now", "before"]);
  });

  it("are news when they are unread and newer than what was known", () => {
    const items = [told("3"), told("2", { readAt: "now" }), told("1")];
    expect(newsAfter(items, told("1").createdAt).map(({ id }) => id)).toEqual(["3"]);
    expect([newestOf(items), newestOf([])]).toEqual([told("3").createdAt, ""]);
  });

  it("lead to their chat, to a path of ours or to https, and nowhere else", () => {
    expect(targetOf(told("1", { chatId: "c", link: "/x" }))).toEqual({ path: "/chat/c" });
    expect(targetOf(told("1", { link: "/settings" }))).toEqual({ path: "/settings" });
    expect(targetOf(told("1", { link: "https://example.org" }))).toEqual({ url: "https://example.org" });
    for (const link of ["//evil.example", "http://example.org", "javascript:alert(1)", null]) expect(targetOf(told("1", { link }))).toBeNull();
  });
});

describe("news", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const said = () => {
    const all: string[][] = [];
    return { all, say: (news: Notification[]) => void all.push(news.map(({ id }) => id)) };
  };

  it("that come together are said once", () => {
    const { all, say } = said();
    const news = new News(say, () => false);
    news.add([told("1")]);
    news.add([told("2"), told("1")]);
    vi.advanceTimersByTime(gatherMs);
    news.add([told("3")]);
    vi.advanceTimersByTime(gatherMs);
    expect(all).toEqual([["2", "1"], ["3"]]);
  });

  it("are not said by a hidden tab when another has", () => {
    const { all, say } = said();
    const news = new News(say, () => true);
    news.add([told("1"), told("2")]);
    vi.advanceTimersByTime(gatherMs);
    news.drop(["1", "2"]);
    vi.advanceTimersByTime(yieldMs);
    expect(all).toEqual([]);
    news.add([told("3")]);
    news.stop();
    vi.advanceTimersByTime(yieldMs);
    expect(all).toEqual([]);
  });
});
