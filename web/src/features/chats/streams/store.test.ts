import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { aMessage } from "@/features/chats/testing";
import { paintEveryMs, StreamStore } from "./store";
import { shownMessage } from "./useStream";

const running = aMessage({ status: "streaming", content: "Hel" });
const delta = (seq: number, text: string) => ({ kind: "delta", seq, text, reasoning: "" }) as const;
const snapshot = (seq: number, content: string) =>
  ({ kind: "snapshot", seq, content, reasoning: null, status: "streaming" }) as const;
const paint = () => vi.advanceTimersByTime(60);

let store: StreamStore;
beforeEach(() => {
  vi.useFakeTimers();
  store = new StreamStore();
  store.open(running);
});
afterEach(() => vi.useRealTimers());

describe("StreamStore", () => {
  it("shows what the row says until the stream speaks", () => {
    expect(store.view("m1")).toMatchObject({ content: "Hel", link: "connecting", status: "streaming" });
  });

  it("joins deltas in order and paints them together", () => {
    const paints = vi.fn();
    store.subscribe("m1", paints);
    store.apply("m1", snapshot(2, "Hello"));
    expect(store.apply("m1", delta(3, ", wor"))).toBe("ok");
    expect(store.apply("m1", delta(4, "ld"))).toBe("ok");
    expect(paints).not.toHaveBeenCalled();
    paint();
    expect(paints).toHaveBeenCalledTimes(1);
    expect(store.view("m1")?.content).toBe("Hello, world");
    expect(store.seq("m1")).toBe(4);
  });

  it("takes a repeated delta once and reports a missed one", () => {
    store.apply("m1", snapshot(2, "a"));
    store.apply("m1", delta(3, "b"));
    expect(store.apply("m1", delta(3, "b"))).toBe("ok");
    expect(store.apply("m1", delta(5, "d"))).toBe("gap");
    store.apply("m1", snapshot(5, "abcd"));
    expect(store.apply("m1", delta(6, "e"))).toBe("ok");
    paint();
    expect(store.view("m1")?.content).toBe("abcde");
  });

  it("asks for a snapshot when a delta comes before one", () => {
    expect(store.apply("m1", delta(9, "x"))).toBe("gap");
  });

  it("keeps reasoning apart from the text", () => {
    store.apply("m1", snapshot(0, ""));
    store.apply("m1", { kind: "delta", seq: 1, text: "", reasoning: "Let me " });
    store.apply("m1", { kind: "delta", seq: 2, text: "", reasoning: "see" });
    paint();
    expect(store.view("m1")).toMatchObject({ reasoning: "Let me see", content: "", reasonedMs: null });
    vi.advanceTimersByTime(4_000);
    store.apply("m1", delta(3, "So"));
    paint();
    expect(store.view("m1")?.reasonedMs).toBeGreaterThanOrEqual(4_000);
  });

  it("never turns back once done, whatever was queued or comes after", () => {
    store.apply("m1", snapshot(0, ""));
    store.apply("m1", delta(1, "Hi"));
    expect(store.apply("m1", { kind: "done", message: aMessage({ content: "Hi!" }) })).toBe("end");
    paint();
    expect(store.apply("m1", delta(2, " again"))).toBe("end");
    store.setLink("m1", "lost");
    paint();
    expect(store.view("m1")).toMatchObject({ content: "Hi!", status: "complete" });
    expect(store.view("m1")?.final?.content).toBe("Hi!");
    expect(shownMessage(running, store.view("m1")).status).toBe("complete");
  });

  it("lets a page asked for before the end not bring the running answer back", () => {
    let now = 100;
    store = new StreamStore(() => now);
    store.open(running);
    now = 200;
    store.finish(aMessage({ content: "whole" }));
    expect(store.settle(running, 150).content).toBe("whole");
    // Asked afterwards, a running answer is one that was continued.
    expect(store.settle(running, 250)).toBe(running);
    expect(store.settle(aMessage({ status: "stopped" }), 150).status).toBe("stopped");
  });

  it("starts afresh when an ended answer is continued", () => {
    store.finish(aMessage({ status: "stopped", content: "Hel" }));
    store.open(aMessage({ status: "streaming", content: "Hel" }));
    store.apply("m1", snapshot(7, "Hello"));
    paint();
    expect(store.view("m1")).toMatchObject({ content: "Hello", final: null, status: "streaming" });
  });

  it("tells which chats have an answer under way", () => {
    const told = vi.fn();
    store.subscribeRunning(told);
    store.open(aMessage({ id: "m2", chatId: "c2", status: "streaming" }));
    expect(store.runningChats()).toEqual(["c1", "c2"]);
    store.apply("m1", snapshot(1, "x"));
    paint();
    expect(told).toHaveBeenCalledTimes(1);
    store.finish(aMessage());
    store.drop("m2");
    expect(store.runningChats()).toEqual([]);
  });

  it("paints long answers less often", () => {
    expect([0, 200_000, 1_000_000, 50_000_000].map(paintEveryMs)).toEqual([50, 50, 250, 1_000]);
  });
});

describe("shownMessage", () => {
  it("takes the row where it knows more than a broken stream", () => {
    const view = store.view("m1");
    expect(shownMessage(aMessage({ status: "streaming", content: "Hello there" }), view).content).toBe("Hello there");
    expect(shownMessage(aMessage({ status: "complete", content: "" }), view).status).toBe("complete");
  });
});
