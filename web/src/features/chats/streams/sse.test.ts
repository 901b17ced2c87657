import { describe, expect, it } from "vitest";
import { type SseEvent, SseParser } from "./sse";

function parse(...chunks: string[]): SseEvent[] {
  const parser = new SseParser();
  return chunks.flatMap((chunk) => parser.push(chunk));
}

describe("SseParser", () => {
  it("reads events with id, name and data", () => {
    expect(parse("id: 7\nevent: delta\ndata: {\"seq\":7}\n\n")).toEqual([{ id: "7", event: "delta", data: '{"seq":7}' }]);
  });

  it("gives the same events wherever the text is cut", () => {
    const text = "\uFEFFid: 1\r\nevent: a\r\ndata: x\r\ndata: y\r\n\r\n: keep\n\ndata:z\rid\r\rdata: end\n\n";
    const whole = parse(text);
    expect(whole.map(({ event, data }) => [event, data])).toEqual([["a", "x\ny"], ["message", "z"], ["message", "end"]]);
    for (let cut = 1; cut < text.length; cut += 1) expect(parse(text.slice(0, cut), text.slice(cut))).toEqual(whole);
    expect(parse(...text)).toEqual(whole);
  });

  it("keeps the last id and forgets the event name", () => {
    expect(parse("id: 5\nevent: delta\ndata: a\n\ndata: b\n\n")).toEqual([
      { id: "5", event: "delta", data: "a" },
      { id: "5", event: "message", data: "b" },
    ]);
  });

  it("gives nothing for comments, empty events and an unfinished end", () => {
    expect(parse(": ping\n\nevent: x\n\ndata: cut")).toEqual([]);
  });

  it("ignores an id with a NUL", () => {
    expect(parse("id: a\0b\ndata: x\n\n")[0]?.id).toBe("");
  });
});
