// One answer followed to its end over connections that may break: reconnects with backoff, resumes
// after the last event it saw, asks for a snapshot when it missed one.
import { asProblem } from "@/api/problem";
import { type SseEvent, SseParser } from "./sse";
import type { Applied, Link } from "./store";

export interface Source {
  /** Opens the stream; rejects with a Problem. */
  open: (lastEventId: string | null, signal: AbortSignal) => Promise<ReadableStream<Uint8Array>>;
  onEvent: (event: SseEvent) => Applied;
  onLink: (link: Link) => void;
  /** Resolves after `ms`, or sooner when trying again at once makes sense. */
  pause: (ms: number, signal: AbortSignal) => Promise<void>;
}

/** `gone`: the server knows no such answer, or it is not ours. */
export type Ended = "ended" | "gone" | "aborted";

/** A connection this silent is taken for dead. */
const silenceMs = 60_000;
const slowestMs = 8_000;

/** How long to wait before try number `attempt` (from 0): doubling, at most 8 s, with a quarter of jitter. */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const base = Math.min(slowestMs, 300 * 2 ** attempt);
  return Math.round(base * (0.75 + 0.25 * random()));
}

/** Waits `ms`; ends early when the network comes back or `signal` aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      removeEventListener("online", end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener("abort", end);
    addEventListener("online", end);
  });
}

type Outcome = "ended" | "gap" | "closed";

interface Progress {
  lastId: string | null;
  /** Whether the present connection has brought anything. */
  fed: boolean;
}

async function readOn(stream: ReadableStream<Uint8Array>, source: Source, progress: Progress): Promise<Outcome> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  const parser = new SseParser();
  let watchdog: ReturnType<typeof setTimeout> | undefined;
  const awake = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(() => void reader.cancel().catch(() => undefined), silenceMs);
  };
  try {
    for (;;) {
      awake();
      const { done, value } = await reader.read();
      if (done) return "closed";
      for (const event of parser.push(decoder.decode(value, { stream: true }))) {
        const applied = source.onEvent(event);
        if (applied === "gap") {
          progress.lastId = null;
          return "gap";
        }
        if (event.id !== "") progress.lastId = event.id;
        progress.fed = true;
        if (applied === "end") return "ended";
      }
    }
  } finally {
    clearTimeout(watchdog);
    void reader.cancel().catch(() => undefined);
  }
}

/** Follows until the answer ends, is gone, or `signal` aborts; `lastEventId` resumes an earlier following. */
export async function follow(source: Source, lastEventId: string | null, signal: AbortSignal): Promise<Ended> {
  const progress: Progress = { lastId: lastEventId, fed: false };
  let attempt = 0;
  while (!signal.aborted) {
    progress.fed = false;
    try {
      const stream = await source.open(progress.lastId, signal);
      source.onLink("live");
      const outcome = await readOn(stream, source, progress);
      if (outcome === "ended") return "ended";
    } catch (error) {
      if (signal.aborted) return "aborted";
      const { status } = asProblem(error);
      if (status >= 400 && status < 500 && status !== 408 && status !== 429) return "gone";
    }
    if (signal.aborted) return "aborted";
    if (progress.fed) attempt = 0;
    source.onLink("lost");
    await source.pause(backoffMs(attempt), signal);
    attempt += 1;
  }
  return "aborted";
}
