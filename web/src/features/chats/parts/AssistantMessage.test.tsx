import { act, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { api } from "@/api/client";
import { durationLabel, speed } from "@/features/chats/facts";
import { streams } from "@/features/chats/streams/store";
import { aMessage, renderSignedIn } from "@/features/chats/testing";
import { preloadMarkdown } from "@/ui/Markdown";
import { waitUntil } from "./AnswerEnding";
import { AssistantMessage } from "./AssistantMessage";
import { numbered } from "./Sources";

// Grammars and the renderer are compiled on first use, which a busy machine takes its time over.
vi.setConfig({ testTimeout: 30_000 });

beforeAll(() => preloadMarkdown());
const show = (change: Parameters<typeof aMessage>[0]) => renderSignedIn(<AssistantMessage message={aMessage(change)} isLast />);

describe("AssistantMessage", () => {
  it("shows a running answer grow and end, from its stream", async () => {
    const running = aMessage({ id: "live", status: "streaming" });
    await renderSignedIn(<AssistantMessage message={running} isLast />);
    expect(screen.getByText("Waiting for tiny…")).toBeTruthy();
    vi.useFakeTimers();
    act(() => {
      streams.open(running);
      streams.apply("live", { kind: "snapshot", seq: 0, content: "", reasoning: "", status: "streaming" });
      streams.apply("live", { kind: "delta", seq: 1, text: "Some **bold** words", reasoning: "" });
      vi.advanceTimersByTime(60);
    });
    vi.useRealTimers();
    expect(screen.getByText("bold").tagName).toBe("STRONG");
    expect(screen.getByRole("article").getAttribute("aria-busy")).toBe("true");
    act(() => streams.finish(aMessage({ id: "live", content: "All of it." })));
    expect(screen.getByText("All of it.")).toBeTruthy();
    expect(await screen.findByRole("button", { name: "Copy the answer" })).toBeTruthy();
  });

  it("explains a failure, how long to wait, and offers another try", async () => {
    const post = vi.spyOn(api, "POST").mockResolvedValue({ data: { assistantMessage: aMessage({ id: "m2" }) } } as never);
    const error = { code: "upstream_rate_limited", detail: "slow down", retryAfterMs: 60_000 };
    await show({ status: "failed", error, createdAt: new Date().toISOString() });
    expect(screen.getByText(/limits how often/)).toBeTruthy();
    expect(screen.getByText(/wait (59|60) s/)).toBeTruthy();
    await userEvent.click(screen.getByRole("button", { name: "Try again" }));
    expect(post.mock.calls[0]?.[0]).toBe("/api/chats/{id}/messages/{messageId}/retry");
  });

  it.each([
    ["an interrupted one", { status: "interrupted", content: "Half" }],
    ["a stopped one", { status: "stopped", content: "Half" }],
    ["one cut by its length", { content: "Half", finishReason: "length" }],
  ] as const)("offers to go on with %s", async (_, change) => {
    const post = vi.spyOn(api, "POST").mockResolvedValue({ data: { message: aMessage() } } as never);
    await show(change);
    await userEvent.click(screen.getByRole("button", { name: "Continue" }));
    expect(post.mock.calls[0]?.[0]).toBe("/api/chats/{id}/messages/{messageId}/continue");
  });

  it("does not offer to go on with a whole answer", async () => {
    await show({ content: "Whole", finishReason: "stop" });
    expect(screen.queryByRole("button", { name: "Continue" })).toBeNull();
  });

  it("explains the content filter and an answer without a word", async () => {
    await show({ finishReason: "contentFilter" });
    expect(screen.getByText(/content filter/)).toBeTruthy();
    await show({ id: "m9" });
    expect(screen.getByText(/without a word/)).toBeTruthy();
  });

  it("folds reasoning away until it is wanted", async () => {
    await show({ content: "Answer", reasoning: "Thinking hard" });
    const button = screen.getByRole("button", { name: "Reasoning" });
    expect(screen.queryByText("Thinking hard")).toBeNull();
    await userEvent.click(button);
    expect(screen.getByText("Thinking hard")).toBeTruthy();
    expect(button.getAttribute("aria-expanded")).toBe("true");
  });

  it("numbers sources once each, and marks links to them", async () => {
    const cited = (url: string, title: string | null) => ({ url, title, text: null, startIndex: null, endIndex: null });
    const citations = [cited("https://a.org/x", "A"), cited("https://a.org/x", null), cited("https://b.org/", null), cited("javascript:1", "evil")];
    expect([...numbered(citations)]).toEqual([["https://a.org/x", 1], ["https://b.org/", 2]]);
    await show({ content: "As [told](https://b.org/) here.", citations });
    expect(screen.getByRole("link", { name: /told/ }).textContent).toContain("2");
    expect(screen.getAllByRole("listitem")).toHaveLength(2);
    expect(screen.queryByText("evil")).toBeNull();
  });
});

it("computes speed over the time of writing alone", () => {
  const usage = { promptTokens: 1, completionTokens: 100, estimated: false };
  expect(speed({ usage, ttftMs: 1_000, latencyMs: 3_000 })).toBe(50);
  expect(speed({ usage, ttftMs: null, latencyMs: 3_000 })).toBeNull();
  expect(speed({ usage, ttftMs: 500, latencyMs: 500 })).toBeNull();
});

it("writes durations in the unit that suits them", () => {
  expect([420, 3_240, 75_000].map(durationLabel)).toEqual(["420 ms", "3.2 s", "75 s"]);
});

it("counts the wait from the end of the failed try", () => {
  const createdAt = new Date(1_000_000).toISOString();
  const error = { code: "x", detail: "", retryAfterMs: 5_000 };
  expect(waitUntil(aMessage({ createdAt, latencyMs: 2_000, error }))).toBe(1_007_000);
  expect(waitUntil(aMessage({ createdAt }))).toBeNull();
});
