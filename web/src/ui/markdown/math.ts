// Models write maths in four ways; our parser reads one, `$$`, because a single dollar is far more
// often money. Here the others are turned into it, outside code, where they can be nothing else.

/** Whether the text may hold maths at all; only then is the renderer fetched. */
export function mayHoldMath(text: string): boolean {
  return text.includes("$$") || text.includes("\\(") || text.includes("\\[") || singleDollar.test(text);
}

// As in Pandoc: the opening dollar touches what follows, the closing one what precedes and no digit
// follows it; so "$5 and $6" and "$5-$10" stay money.
const singleDollar = /(?<![\\$\w])\$(?![\s$])((?:[^$\n\\]|\\.)+?)(?<![\s\\])\$(?![\d$\w])/;
const singleDollars = new RegExp(singleDollar, "g");

function isMath(body: string): boolean {
  return /[\\^_=<>+*/|]/.test(body) || /^[a-zA-Z]'?$/.test(body) || /^[a-zA-Z]\s?\(.*\)$/.test(body) || /^-?[\d.,]+%?$/.test(body);
}

function convert(text: string): string {
  return text
    .replace(/^([ \t]*)(?:\\\[|\$\$)[ \t]*((?:(?!\$\$|\\\]).)+?)[ \t]*(?:\\\]|\$\$)[ \t]*$/gm, "$1$$$$\n$1$2\n$1$$$$")
    .replace(/^([ \t]*)\\\[[ \t]*$/gm, "$1$$$$")
    .replace(/^([ \t]*)\\\][ \t]*$/gm, "$1$$$$")
    .replace(/\\\[((?:(?!\\\])[^\n])+)\\\]/g, "$$$$$1$$$$")
    .replace(/\\\(((?:(?!\\\))[^\n])+)\\\)/g, (_, body: string) => `$$${body.trim()}$$`)
    .replace(singleDollars, (whole, body: string) => (isMath(body) ? `$$${body}$$` : whole));
}

// Fenced code to its closing fence (or the end), or an inline code span.
const code = /^ {0,3}(`{3,}|~{3,})[^\n]*(?:\n[\s\S]*?(?:^ {0,3}\1[`~]*[ \t]*$|(?![\s\S]))|$)|(?<!`)(`+)(?!`)[\s\S]*?[^`]\2(?!`)/gm;

/** The same text with every way of writing maths as `$$`. */
export function normalizeMath(text: string): string {
  if (!text.includes("$") && !text.includes("\\(") && !text.includes("\\[")) return text;
  let out = "";
  let from = 0;
  for (const match of text.matchAll(code)) {
    out += convert(text.slice(from, match.index)) + match[0];
    from = match.index + match[0].length;
  }
  return out + convert(text.slice(from));
}
