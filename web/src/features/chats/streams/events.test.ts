import { expect, it } from "vitest";
import { streamEvent } from "./events";

const raw = (event: string, data: unknown) => ({ id: "1", event, data: JSON.stringify(data) });

it("reads every kind the server sends", () => {
  expect(streamEvent(raw("snapshot", { seq: 3, content: "ab", reasoning: null, status: "streaming" }))).toEqual({
    kind: "snapshot",
    seq: 3,
    content: "ab",
    reasoning: null,
    status: "streaming",
  });
  expect(streamEvent(raw("delta", { seq: 4, text: "c" }))).toEqual({ kind: "delta", seq: 4, text: "c", reasoning: "" });
  expect(streamEvent(raw("delta", { seq: 5, reasoning: "r" }))).toEqual({ kind: "delta", seq: 5, text: "", reasoning: "r" });
  expect(streamEvent(raw("status", { seq: 5, status: "failed", error: { code: "x", detail: "y" } }))).toEqual({
    kind: "status",
    seq: 5,
    status: "failed",
    error: { code: "x", detail: "y" },
  });
  expect(streamEvent(raw("done", { message: { id: "m", status: "complete" } }))).toMatchObject({ kind: "done" });
});

it("passes over what it does not know instead of breaking", () => {
  expect(streamEvent({ id: "", event: "delta", data: "{not json" })).toBeNull();
  expect(streamEvent(raw("delta", { text: "no number" }))).toBeNull();
  expect(streamEvent(raw("status", { seq: 1, status: "dreaming" }))).toBeNull();
  expect(streamEvent(raw("weather", { seq: 1, status: "complete" }))).toBeNull();
  expect(streamEvent(raw("done", { message: null }))).toBeNull();
});
