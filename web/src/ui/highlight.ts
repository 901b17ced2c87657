// Code colours: shiki's core with its JavaScript engine and one grammar per language, each fetched
// when a block first needs it. Colours are CSS variables of our theme, so a change of theme costs nothing.
import type { GrammarState, HighlighterCore, LanguageInput } from "shiki/core";

const grammars: Record<string, LanguageInput> = {
  bash: () => import("shiki/langs/shellscript.mjs"),
  c: () => import("shiki/langs/c.mjs"),
  cpp: () => import("shiki/langs/cpp.mjs"),
  csharp: () => import("shiki/langs/csharp.mjs"),
  css: () => import("shiki/langs/css.mjs"),
  dart: () => import("shiki/langs/dart.mjs"),
  diff: () => import("shiki/langs/diff.mjs"),
  dockerfile: () => import("shiki/langs/dockerfile.mjs"),
  go: () => import("shiki/langs/go.mjs"),
  html: () => import("shiki/langs/html.mjs"),
  java: () => import("shiki/langs/java.mjs"),
  javascript: () => import("shiki/langs/javascript.mjs"),
  json: () => import("shiki/langs/json.mjs"),
  jsx: () => import("shiki/langs/jsx.mjs"),
  kotlin: () => import("shiki/langs/kotlin.mjs"),
  markdown: () => import("shiki/langs/markdown.mjs"),
  php: () => import("shiki/langs/php.mjs"),
  python: () => import("shiki/langs/python.mjs"),
  ruby: () => import("shiki/langs/ruby.mjs"),
  rust: () => import("shiki/langs/rust.mjs"),
  sql: () => import("shiki/langs/sql.mjs"),
  swift: () => import("shiki/langs/swift.mjs"),
  toml: () => import("shiki/langs/toml.mjs"),
  tsx: () => import("shiki/langs/tsx.mjs"),
  typescript: () => import("shiki/langs/typescript.mjs"),
  xml: () => import("shiki/langs/xml.mjs"),
  yaml: () => import("shiki/langs/yaml.mjs"),
};

const aliases: Record<string, string> = {
  "c++": "cpp",
  "c#": "csharp",
  cs: "csharp",
  console: "bash",
  docker: "dockerfile",
  golang: "go",
  js: "javascript",
  jsonc: "json",
  kt: "kotlin",
  md: "markdown",
  mjs: "javascript",
  mysql: "sql",
  patch: "diff",
  postgresql: "sql",
  py: "python",
  python3: "python",
  rb: "ruby",
  rs: "rust",
  sh: "bash",
  shell: "bash",
  shellscript: "bash",
  sqlite: "sql",
  svg: "xml",
  ts: "typescript",
  yml: "yaml",
  zsh: "bash",
};

/** What a reader calls the language; names not listed are shown as written. */
const labels: Record<string, string> = {
  bash: "Shell",
  c: "C",
  cpp: "C++",
  csharp: "C#",
  css: "CSS",
  html: "HTML",
  javascript: "JavaScript",
  json: "JSON",
  jsx: "JSX",
  php: "PHP",
  sql: "SQL",
  toml: "TOML",
  tsx: "TSX",
  typescript: "TypeScript",
  xml: "XML",
  yaml: "YAML",
};

/** The grammar for a fence's language name, or null. */
export function grammarOf(language: string): string | null {
  const name = language.toLowerCase();
  const known = aliases[name] ?? name;
  return Object.hasOwn(grammars, known) ? known : null;
}

export function languageLabel(language: string): string {
  const grammar = grammarOf(language);
  if (grammar === null) return language;
  return labels[grammar] ?? grammar.charAt(0).toUpperCase() + grammar.slice(1);
}

export interface Token {
  /** Where it begins in its line. */
  at: number;
  text: string;
  /** A CSS colour, or undefined for the colour of plain text. */
  color: string | undefined;
  italic: boolean;
  bold: boolean;
}

export type Line = readonly Token[];

let core: Promise<HighlighterCore> | null = null;

async function createCore(): Promise<HighlighterCore> {
  const [{ createHighlighterCore, createCssVariablesTheme }, { createJavaScriptRegexEngine }] = await Promise.all([
    import("shiki/core"),
    import("shiki/engine/javascript"),
  ]);
  return createHighlighterCore({
    themes: [createCssVariablesTheme({ name: "sangam", variablePrefix: "--code-", fontStyle: true })],
    langs: [],
    engine: createJavaScriptRegexEngine({ forgiving: true }),
  });
}

/** A highlighter for one growing block; `grammar` is from `grammarOf`. */
export async function startHighlighter(grammar: string): Promise<BlockHighlighter> {
  core ??= createCore();
  const highlighter = await core;
  const input = grammars[grammar];
  if (input && !highlighter.getLoadedLanguages().includes(grammar)) await highlighter.loadLanguage(input);
  // Shiki registers a grammar under its own name; ours differs for one.
  const lang = grammar === "bash" ? "shellscript" : grammar;
  return new BlockHighlighter(highlighter, lang);
}

/** Colours finished lines once and remembers where the grammar stood, so a growing block costs its growth. */
export class BlockHighlighter {
  private readonly lines: Line[] = [];
  private done = "";
  private state: GrammarState | undefined;

  constructor(
    private readonly highlighter: Pick<HighlighterCore, "codeToTokensBase" | "getLastGrammarState">,
    private readonly lang: string,
  ) {}

  /**
   * Colours on for at most `budgetMs`. The lines so far; `rest` tells whether some are still missing.
   */
  advance(code: string, budgetMs: number, now: () => number = () => performance.now()): { lines: Line[]; rest: boolean } {
    if (!code.startsWith(this.done)) this.restart();
    const end = code.lastIndexOf("\n") + 1;
    const started = now();
    while (this.done.length < end) {
      if (now() - started > budgetMs) return { lines: [...this.lines], rest: true };
      this.take(code, end);
    }
    const tail = code.slice(end);
    const last = tail === "" ? [] : (this.colour(tail).lines[0] ?? []);
    return { lines: tail === "" ? [...this.lines] : [...this.lines, last], rest: false };
  }

  private restart(): void {
    this.lines.length = 0;
    this.done = "";
    this.state = undefined;
  }

  /** Colours about forty more finished lines. */
  private take(code: string, end: number): void {
    let to = this.done.length;
    for (let line = 0; line < 40 && to < end; line += 1) to = code.indexOf("\n", to) + 1;
    const { lines, state } = this.colour(code.slice(this.done.length, to - 1));
    this.lines.push(...lines);
    this.state = state;
    this.done = code.slice(0, to);
  }

  private colour(code: string): { lines: Line[]; state: GrammarState | undefined } {
    const tokens = this.highlighter.codeToTokensBase(code, {
      lang: this.lang,
      theme: "sangam",
      grammarState: this.state,
      tokenizeMaxLineLength: 2_000,
      // A line given up half-way would leave the grammar inside a string for the rest of the block, and
      // on a busy machine compiling the grammar alone can take longer than the usual half second.
      tokenizeTimeLimit: 0,
    });
    const lines = tokens.map((line) =>
      line.map(({ content, color, fontStyle = 0, offset }) => ({
        at: offset - (line[0]?.offset ?? 0),
        text: content,
        color: color === "var(--code-foreground)" ? undefined : color,
        italic: (fontStyle & 1) > 0,
        bold: (fontStyle & 2) > 0,
      })),
    );
    return { lines, state: this.highlighter.getLastGrammarState(tokens) };
  }
}
