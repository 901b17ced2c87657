import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { api } from "@/api/client";
import { Problem } from "@/api/problem";
import { restored, useOutbox } from "./outbox";
import { listQuery, setThread, threadOf } from "./queries";
import { deliver, firstWords, outgoing } from "./send";
import { aChat, aMessage } from "./testing";

const question = { userId: "u", content: "How are you?", model: "tiny", params: {} };
const now = new Date("2026-11-22T10:00:00Z");

describe("deliver", () => {
  let client: QueryClient;
  beforeEach(() => {
    client = new QueryClient();
    client.setQueryData(listQuery({ archived: false }).queryKey, { pages: [{ items: [], nextCursor: null }] });
    useOutbox.setState({ items: [] });
  });
  const listed = () => client.getQueryData(listQuery({ archived: false }).queryKey)?.pages[0]?.items ?? [];

  it("shows a new chat before the server has answered, then the server's own", async () => {
    const item = outgoing(question, now);
    let answer: (value: unknown) => void = () => undefined;
    const post = vi.spyOn(api, "POST").mockReturnValue(new Promise((resolve) => (answer = resolve)) as never);
    const arrived = deliver(client, item);
    expect(listed()[0]).toMatchObject({ id: item.chatId, title: "How are you?" });
    expect(useOutbox.getState().items).toHaveLength(1);
    const chat = aChat({ id: item.chatId, title: "How are you?", titlePending: true });
    answer({ data: { chat, userMessage: aMessage({ id: item.id, role: "user" }), assistantMessages: [aMessage({ id: "a", parentId: item.id })] } });
    expect(await arrived).toBe(true);
    expect(post.mock.calls[0]?.[1]).toMatchObject({
      body: { id: item.chatId, userMessageId: item.id, message: "How are you?", model: "tiny" },
      headers: { "Idempotency-Key": item.id },
    });
    expect(threadOf(client, item.chatId)?.messages.map(({ id }) => id)).toEqual([item.id, "a"]);
    expect(useOutbox.getState().items).toEqual([]);
  });

  it("keeps the question when it could not be sent, and sends it again under the same ids", async () => {
    const item = outgoing(question, now);
    const post = vi.spyOn(api, "POST").mockRejectedValueOnce(new Problem({ status: 0, code: "network_unreachable", title: "" }));
    expect(await deliver(client, item)).toBe(false);
    const [kept] = useOutbox.getState().items;
    expect(kept).toMatchObject({ content: "How are you?", state: "failed", code: "network_unreachable" });
    expect(listed()).toEqual([]);
    post.mockResolvedValueOnce({
      data: { chat: aChat({ id: item.chatId }), userMessage: aMessage({ id: item.id }), assistantMessages: [aMessage({ id: "a" })] },
    } as never);
    if (kept) await deliver(client, kept);
    expect(post.mock.calls[1]).toEqual(post.mock.calls[0]);
  });

  it("adds to a chat below its last message", async () => {
    setThread(client, { chat: aChat(), messages: [aMessage({ id: "m1" })], comparisons: [], summaries: [], prevCursor: null });
    const item = outgoing({ ...question, chatId: "c1" }, now);
    vi.spyOn(api, "POST").mockResolvedValueOnce({
      data: {
        userMessage: aMessage({ id: item.id, role: "user", parentId: "m1" }),
        assistantMessages: [aMessage({ id: "a", parentId: item.id, status: "streaming" })],
      },
    } as never);
    expect(await deliver(client, item)).toBe(true);
    expect(threadOf(client, "c1")?.messages.map(({ id }) => id)).toEqual(["m1", item.id, "a"]);
    expect(threadOf(client, "c1")?.chat.model).toBe("tiny");
  });
});

it("marks what an earlier page left behind as unconfirmed", () => {
  const item = outgoing(question, now);
  expect(restored(JSON.stringify([item]))[0]).toMatchObject({ state: "failed", code: "unconfirmed" });
  expect(restored("{broken")).toEqual([]);
  expect(restored(null)).toEqual([]);
});

it("titles a chat by its first words", () => {
  expect(firstWords("  Hello \n there ")).toBe("Hello there");
  expect(firstWords("word ".repeat(50)).length).toBeLessThanOrEqual(60);
  expect(firstWords("x".repeat(100))).toHaveLength(60);
});
