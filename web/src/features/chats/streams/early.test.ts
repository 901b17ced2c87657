import { expect, it } from "vitest";
import { aMessage } from "@/features/chats/testing";
import { Early } from "./early";

const fresh = aMessage({ id: "a", content: "", status: "streaming" });
const piece = (seq: number, from = seq) => ({ kind: "delta", seq, from, text: `${from}-${seq} `, reasoning: "" }) as const;
const seqs = (events: readonly { kind: string }[]) => events.map((event) => ("seq" in event ? `${event.kind} ${String(event.seq)}` : event.kind));

it("begins a new answer at nothing, whether pieces came before it or not", () => {
  const early = new Early();
  expect(seqs(early.replay(fresh))).toEqual(["snapshot 0"]);
  early.piece("a", piece(3, 1));
  early.piece("a", piece(4));
  expect(seqs(early.replay(fresh))).toEqual(["snapshot 0", "delta 3", "delta 4"]);
  expect(seqs(early.replay(fresh))).toEqual(["snapshot 0"]);
});

it("goes on from the snapshot of the room", () => {
  const early = new Early();
  early.piece("a", piece(1));
  early.snapshot("a", { kind: "snapshot", seq: 7, content: "so far", reasoning: null, status: "streaming" });
  early.piece("a", piece(9, 8));
  expect(seqs(early.replay({ ...fresh, content: "so" }))).toEqual(["snapshot 7", "delta 9"]);
});

it("does not guess where an answer in its middle stands", () => {
  const early = new Early();
  expect(early.replay({ ...fresh, content: "half" })).toEqual([]);
  early.piece("a", piece(5));
  expect(early.replay(fresh)).toEqual([]);
});

it("keeps a little, of few", () => {
  const early = new Early();
  for (let seq = 1; seq <= 1_000; seq += 1) early.piece("a", piece(seq));
  expect(early.replay(fresh)).toHaveLength(401);
  early.piece("a", piece(1));
  for (let other = 0; other < 20; other += 1) early.piece(`b${other}`, piece(1));
  expect(seqs(early.replay(fresh))).toEqual(["snapshot 0"]);
  early.piece("a", piece(1));
  early.forget("a");
  expect(seqs(early.replay(fresh))).toEqual(["snapshot 0"]);
});
