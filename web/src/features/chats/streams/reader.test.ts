import { describe, expect, it, vi } from "vitest";
import { Problem } from "@/api/problem";
import { backoffMs, follow, type Source } from "./reader";
import type { Applied } from "./store";

function body(...chunks: string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(encoder.encode(chunk));
      controller.close();
    },
  });
}

const event = (id: number) => `id: ${id}\nevent: delta\ndata: {"seq":${id}}\n\n`;
const broken = () => new Problem({ status: 0, code: "network_unreachable", title: "" });

/** A server whose connections are `answers`, one after the other. */
function script(answers: (ReadableStream<Uint8Array> | Error)[], apply: (id: string) => Applied = () => "ok") {
  const asked: (string | null)[] = [];
  const seen: string[] = [];
  const waits: number[] = [];
  const links: string[] = [];
  const source: Source = {
    open: (lastEventId) => {
      asked.push(lastEventId);
      const next = answers.shift() ?? new Problem({ status: 404, code: "message_not_found", title: "" });
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next);
    },
    onEvent: ({ id }) => {
      const applied = apply(id);
      if (applied !== "gap") seen.push(id);
      return applied;
    },
    onLink: (link) => links.push(link),
    pause: (ms) => {
      waits.push(ms);
      return Promise.resolve();
    },
  };
  return { source, asked, seen, waits, links };
}

const never = () => new AbortController().signal;

describe("follow", () => {
  it("resumes after the last event it saw", async () => {
    const { source, asked, seen, links } = script(
      [body(event(1), event(2).slice(0, 9)), broken(), body(event(2), event(3))],
      (id) => (id === "3" ? "end" : "ok"),
    );
    expect(await follow(source, null, never())).toBe("ended");
    expect(asked).toEqual([null, "1", "1"]);
    expect(seen).toEqual(["1", "2", "3"]);
    expect(links).toEqual(["live", "lost", "lost", "live"]);
  });

  it("asks for everything after a gap", async () => {
    let missed = true;
    const { source, asked, seen } = script([body(event(1), event(5)), body(event(6))], (id) => {
      if (id === "5" && missed) {
        missed = false;
        return "gap";
      }
      return id === "6" ? "end" : "ok";
    });
    expect(await follow(source, "0", never())).toBe("ended");
    expect(asked).toEqual(["0", null]);
    expect(seen).toEqual(["1", "6"]);
  });

  it("waits longer each time nothing comes, and short again once something did", async () => {
    const { source, waits } = script([broken(), broken(), broken(), body(event(1)), broken()]);
    await follow(source, null, never());
    expect(waits).toHaveLength(5);
    expect(waits[2]).toBeGreaterThan(waits[0] ?? 0);
    expect(waits[3]).toBeLessThanOrEqual(300);
  });

  it("gives up only where trying again is useless", async () => {
    const answers = [500, 429, 408, 503].map((status) => new Problem({ status, code: "x", title: "" }));
    const { source, asked } = script(answers);
    expect(await follow(source, null, never())).toBe("gone");
    expect(asked).toHaveLength(5);
  });

  it("reads letters that are cut between two chunks", async () => {
    const bytes = new TextEncoder().encode('id: 1\ndata: "नमस्ते"\n\n');
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    const texts: string[] = [];
    const { source } = script([stream]);
    source.onEvent = ({ data }) => {
      texts.push(data);
      return "end";
    };
    await follow(source, null, never());
    expect(texts).toEqual(['"नमस्ते"']);
  });

  it("stops at once when it is no longer wanted", async () => {
    const abort = new AbortController();
    const { source } = script([broken()]);
    source.pause = vi.fn(() => {
      abort.abort();
      return Promise.resolve();
    });
    expect(await follow(source, null, abort.signal)).toBe("aborted");
  });
});

it("backs off to eight seconds, with jitter below", () => {
  expect([0, 1, 2, 10].map((attempt) => backoffMs(attempt, () => 1))).toEqual([300, 600, 1_200, 8_000]);
  expect(backoffMs(10, () => 0)).toBe(6_000);
});
