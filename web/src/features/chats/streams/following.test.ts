import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { api } from "@/api/client";
import { setThread } from "@/features/chats/queries";
import { aChat, aMessage } from "@/features/chats/testing";
import { endArrived, followAnswer, pieceArrived, roomEntered, roomLeft, stopFollowing } from "./following";
import { streams } from "./store";

const client = new QueryClient();
let count = 0;
let running = aMessage();
let get = vi.spyOn(api, "GET");
const opened = () => (get.mock.calls as unknown[][]).filter(([path]) => path === "/api/chats/{id}/messages/{messageId}/stream");
const piece = (from: number, seq: number, text: string) => pieceArrived({ chatId: "c1", messageId: running.id, from, seq, text });
const text = () => {
  vi.advanceTimersByTime(60);
  return streams.view(running.id)?.content;
};

beforeEach(() => {
  vi.useFakeTimers();
  get = vi.spyOn(api, "GET");
  get.mockReturnValue(new Promise(() => undefined) as never);
  count += 1;
  running = aMessage({ id: `live${count}`, status: "streaming" });
  setThread(client, { chat: aChat(), messages: [running], comparisons: [], summaries: [], prevCursor: null });
});
afterEach(() => {
  stopFollowing(running.id);
  roomLeft("c1");
  vi.useRealTimers();
});

describe("an answer that is followed", () => {
  it("comes by a stream of its own where there is no socket", () => {
    followAnswer(client, running);
    expect(opened()).toHaveLength(1);
  });

  it("comes by socket alone while its chat is joined, also what was quicker than the call", () => {
    roomEntered("c1", []);
    piece(1, 2, "Hel");
    followAnswer(client, running);
    piece(3, 3, "lo");
    expect([text(), opened().length]).toEqual(["Hello", 0]);
  });

  it("goes on from where the room said it was", () => {
    roomEntered("c1", [{ messageId: running.id, seq: 5, content: "So far", reasoning: null }]);
    followAnswer(client, { ...running, content: "So" });
    piece(6, 8, " so good");
    expect([text(), opened().length]).toEqual(["So far so good", 0]);
  });

  it.each([
    ["a number was missed", () => piece(4, 4, "!")],
    ["the socket falls silent", () => vi.advanceTimersByTime(13_000)],
    ["the connection breaks", () => roomLeft("c1")],
  ])("asks for its stream when %s", (_, happens) => {
    roomEntered("c1", []);
    followAnswer(client, running);
    piece(1, 2, "Hi");
    happens();
    expect(opened()).toHaveLength(1);
    expect(opened()[0]?.[1]).toMatchObject({ headers: { "Last-Event-ID": "2" } });
    // One source at a time: what still comes by socket is left aside.
    piece(3, 3, " there");
    expect(text()).toBe("Hi");
  });

  it("comes back to the socket with the next connection, and ends with it", () => {
    followAnswer(client, running);
    roomEntered("c1", [{ messageId: running.id, seq: 2, content: "Hi", reasoning: null }]);
    piece(3, 3, " there");
    expect(text()).toBe("Hi there");
    const done = { ...running, status: "complete" as const, content: "Hi there" };
    get.mockResolvedValue({ data: { chat: aChat() } } as never);
    endArrived(client, done);
    expect(streams.view(running.id)?.final).toBe(done);
    vi.advanceTimersByTime(60_000);
    expect(opened()).toHaveLength(1);
  });
});
