// A long answer is cut into segments that never change again once cut, so that the growing end is the
// only part that is parsed anew. A cut is made only where no Markdown construct can reach across.

/** Segments are at least this long, in UTF-16 units; shorter texts stay whole. */
const segmentFrom = 4_096;

export interface Segments {
  settled: readonly string[];
  /** The number of units the settled segments cover. */
  length: number;
}

export const noSegments: Segments = { settled: [], length: 0 };

const fence = /^ {0,3}(`{3,}|~{3,})/;
// A line that starts a new block at the left margin: not a list item, quote, table row, indented line,
// fence, footnote or link definition, nor an underline of a heading.
const fresh = /^(?:#{1,6} |[^\s\-+*>|`~$\\[=<\d:])/;

/** The index of each safe cut in `text`, from `from` on. */
function cuts(text: string, from: number): number[] {
  const found: number[] = [];
  let open: string | null = null;
  let math: string | null = null;
  let blankBefore = false;
  let last = from;
  let at = from;
  while (at < text.length) {
    const newline = text.indexOf("\n", at);
    // An unfinished line may yet become anything.
    if (newline < 0) break;
    const line = text.slice(at, newline);
    const mark = fence.exec(line)?.[1];
    if (open !== null) {
      if (mark !== undefined && mark[0] === open[0] && mark.length >= open.length && line.trim() === mark) open = null;
    } else if (math !== null) {
      if (line.includes(math)) math = null;
    } else if (mark !== undefined) {
      open = mark;
    } else {
      if (blankBefore && at - last >= segmentFrom && fresh.test(line)) {
        found.push(at);
        last = at;
      }
      math = opensMath(line);
    }
    blankBefore = line.trim() === "";
    at = newline + 1;
  }
  return found;
}

function opensMath(line: string): string | null {
  const dollars = line.split("$$").length - 1;
  if (dollars % 2 === 1) return "$$";
  return line.lastIndexOf("\\[") > line.lastIndexOf("\\]") ? "\\]" : null;
}

/** `known` extended by what has settled since; the rest of the text, from `length` on, may still change. */
export function extend(known: Segments, text: string): Segments {
  const found = cuts(text, known.length);
  if (found.length === 0) return known;
  const settled = [...known.settled];
  let from = known.length;
  for (const cut of found) {
    settled.push(text.slice(from, cut));
    from = cut;
  }
  return { settled, length: from };
}

/** Cuts one text that grows; given another text it begins anew. */
export class Cutter {
  private text = "";
  private segments = noSegments;

  cut(text: string): Segments {
    this.segments = extend(text.startsWith(this.text) ? this.segments : noSegments, text);
    this.text = text;
    return this.segments;
  }
}
