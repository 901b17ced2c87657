import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Listeners } from "./events";
import { keepConnected } from "./keep";
import { Rooms } from "./rooms";

describe("listeners", () => {
  it("hear their own events, until they stop, whatever another of them does", () => {
    const listeners = new Listeners();
    vi.spyOn(console, "error").mockReturnValue();
    const heard = vi.fn();
    listeners.add("chat:deleted", () => {
      throw new Error("broken");
    });
    const stop = listeners.add("chat:deleted", heard);
    listeners.tell("chat:deleted", { chatId: "c1" });
    listeners.tell("chat:updated", { chat: {} });
    listeners.tell("chat:deleted", "nonsense");
    stop();
    listeners.tell("chat:deleted", { chatId: "c2" });
    expect(heard.mock.calls).toEqual([[{ chatId: "c1" }]]);
  });
});

describe("rooms", () => {
  const running = { messageId: "m1", seq: 4, content: "Hel", reasoning: null };
  const fine = { ok: true, running: [running], presence: { people: [] } };
  const settled = () => new Promise((done) => setTimeout(done));

  it("are joined again after a new connection, which says so", async () => {
    const ask = vi.fn().mockResolvedValue(fine);
    const rooms = new Rooms(ask);
    const joined = vi.fn();
    rooms.join("c1", joined);
    await settled();
    rooms.joinAll();
    await settled();
    expect(joined.mock.calls).toEqual([
      [{ running: [running], people: [], isAgain: false }],
      [{ running: [running], people: [], isAgain: true }],
    ]);
  });

  it("are left when the last one leaves", async () => {
    const ask = vi.fn().mockResolvedValue(fine);
    const rooms = new Rooms(ask);
    const leaveOne = rooms.join("c1", vi.fn());
    const leaveOther = rooms.join("c1", vi.fn());
    leaveOne();
    expect(ask.mock.calls.filter(([name]) => name === "chat:leave")).toEqual([]);
    leaveOther();
    expect(ask.mock.lastCall).toEqual(["chat:leave", "c1"]);
  });

  it("that did not exist are joined once they do, and nobody who left is told", async () => {
    const ask = vi.fn().mockResolvedValueOnce({ ok: false }).mockResolvedValue(fine);
    const rooms = new Rooms(ask);
    const [stays, left] = [vi.fn(), vi.fn()];
    rooms.join("c1", stays);
    await settled();
    rooms.chatExists("c1");
    rooms.join("c1", left)();
    await settled();
    rooms.chatExists("c1");
    rooms.chatExists("c2");
    expect([stays.mock.calls.length, left.mock.calls.length, ask.mock.calls.length]).toEqual([1, 0, 3]);
  });
});

describe("a connection", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function fake() {
    const handlers = new Map<string, (() => void)[]>();
    const socket = {
      active: false,
      connected: false,
      connect: vi.fn(() => socket),
      disconnect: vi.fn(() => socket),
      on: (name: string, handler: () => void) => handlers.set(name, [...(handlers.get(name) ?? []), handler]),
    };
    const happen = (name: string) => handlers.get(name)?.forEach((handler) => handler());
    return { socket, happen };
  }

  it("refused once comes back at once with a fresh session, then in its own time", async () => {
    const { socket, happen } = fake();
    const renew = vi.fn().mockResolvedValue(undefined);
    keepConnected(socket as never, renew, new AbortController().signal);
    happen("connect_error");
    await vi.advanceTimersByTimeAsync(0);
    expect([renew.mock.calls.length, socket.connect.mock.calls.length]).toEqual([1, 1]);
    happen("connect_error");
    await vi.advanceTimersByTimeAsync(3_000);
    expect(socket.connect).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(socket.connect).toHaveBeenCalledTimes(2);
  });

  it("that broke is left to the library, and made anew when the phone wakes up", async () => {
    const { socket, happen } = fake();
    const abort = new AbortController();
    const renew = vi.fn().mockResolvedValue(undefined);
    keepConnected(socket as never, renew, abort.signal);
    socket.active = true;
    happen("disconnect");
    await vi.runAllTimersAsync();
    expect(renew).not.toHaveBeenCalled();
    document.dispatchEvent(new Event("visibilitychange"));
    expect(socket.connect).toHaveBeenCalledTimes(1);
    abort.abort();
    document.dispatchEvent(new Event("visibilitychange"));
    expect([socket.connect.mock.calls.length, socket.disconnect.mock.calls.length]).toEqual([1, 2]);
  });
});
