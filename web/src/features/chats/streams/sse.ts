// The event stream format of the HTML standard, read from decoded text that may be cut anywhere.

export interface SseEvent {
  /** The last id the stream has named; empty while it has named none. */
  id: string;
  event: string;
  data: string;
}

/** Turns the chunks of one connection into events; an event that was not finished is never given out. */
export class SseParser {
  private rest = "";
  private id = "";
  private event = "";
  private data: string[] = [];
  private started = false;

  /** The events that `chunk` completes, in order. */
  push(chunk: string): SseEvent[] {
    if (chunk === "") return [];
    let text = chunk;
    if (!this.started) {
      this.started = true;
      if (text.startsWith("\uFEFF")) text = text.slice(1);
    }
    const events: SseEvent[] = [];
    const buffer = this.rest + text;
    // A CR at the very end may be half of a CRLF: it waits for the next chunk.
    const usable = buffer.endsWith("\r") ? buffer.length - 1 : buffer.length;
    const lineEnd = /\r\n|\n|\r/g;
    let from = 0;
    for (;;) {
      lineEnd.lastIndex = from;
      const match = lineEnd.exec(buffer);
      if (match === null || match.index >= usable) break;
      const done = this.line(buffer.slice(from, match.index));
      if (done) events.push(done);
      from = match.index + match[0].length;
    }
    this.rest = buffer.slice(from);
    return events;
  }

  private line(line: string): SseEvent | null {
    if (line === "") return this.dispatch();
    const colon = line.indexOf(":");
    if (colon === 0) return null;
    const field = colon < 0 ? line : line.slice(0, colon);
    const raw = colon < 0 ? "" : line.slice(colon + 1);
    const value = raw.startsWith(" ") ? raw.slice(1) : raw;
    if (field === "data") this.data.push(value);
    else if (field === "event") this.event = value;
    else if (field === "id" && !value.includes("\0")) this.id = value;
    return null;
  }

  private dispatch(): SseEvent | null {
    const { data, event } = this;
    this.data = [];
    this.event = "";
    if (data.length === 0) return null;
    return { id: this.id, event: event === "" ? "message" : event, data: data.join("\n") };
  }
}
