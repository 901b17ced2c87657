import "./code.css";
import { memo, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "./CopyButton";
import { type BlockHighlighter, grammarOf, languageLabel, type Line, startHighlighter } from "./highlight";
import { ScrollRegion } from "./markdown/ScrollRegion";

interface CodeBlockProps {
  code: string;
  /** As written after the fence; empty when none was named. */
  language: string;
  actions?: React.ReactNode;
}

/** Longer blocks stay in one colour: colouring them would cost more than it shows. */
const mostLines = 3_000;
const budgetMs = 6;

/** The coloured lines of `code`; lines not yet done are missing and shown plain. */
function useColours(code: string, language: string): readonly Line[] {
  const grammar = grammarOf(language);
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [block, setBlock] = useState<BlockHighlighter | null>(null);
  useEffect(() => {
    if (grammar === null) return;
    let isWanted = true;
    startHighlighter(grammar).then(
      (started) => isWanted && setBlock(started),
      // Without its grammar the code is plain, and whole.
      () => undefined,
    );
    return () => {
      isWanted = false;
      setBlock(null);
    };
  }, [grammar]);
  useEffect(() => {
    if (!block) return;
    let timer: ReturnType<typeof setTimeout>;
    const advance = () => {
      const { lines: coloured, rest } = block.advance(code, budgetMs);
      setLines(coloured);
      if (rest) timer = setTimeout(advance);
    };
    advance();
    return () => clearTimeout(timer);
  }, [block, code]);
  return grammar === null ? [] : lines;
}

const CodeLine = memo(function CodeLine({ text, tokens }: { text: string; tokens: Line | undefined }) {
  const coloured = tokens?.map((token) => token.text).join("");
  if (!tokens || !coloured || !text.startsWith(coloured)) return <span>{`${text}\n`}</span>;
  return (
    <span>
      {tokens.map(({ at, text: part, color, italic, bold }) => {
        const fontStyle = italic ? "italic" : undefined;
        const fontWeight = bold ? 600 : undefined;
        return color || fontStyle || fontWeight ? (
          <span key={at} style={{ color, fontStyle, fontWeight }}>
            {part}
          </span>
        ) : (
          part
        );
      })}
      {`${text.slice(coloured.length)}\n`}
    </span>
  );
});

function ColouredCode({ code, language }: { code: string; language: string }) {
  const colours = useColours(code, language);
  return code.split("\n").map((line, index) => (
    // A line is known by its number.
    // oxlint-disable-next-line react/no-array-index-key
    <CodeLine key={index} text={line} tokens={colours[index]} />
  ));
}

/** A block of code with its language, a copy button, and colours when its grammar is known. */
export function CodeBlock({ code, language, actions }: CodeBlockProps) {
  const { t } = useTranslation("ui");
  const label = languageLabel(language);
  const latest = useRef(code);
  useEffect(() => {
    latest.current = code;
  }, [code]);
  const isLong = code.split("\n", mostLines + 1).length > mostLines;
  return (
    <figure className="code-block">
      <figcaption className="code-block-head">
        <span>{label || t("code.text")}</span>
        <span className="flex items-center">
          {actions}
          <CopyButton text={() => latest.current} label={t("code.copy")} className="text-muted" />
        </span>
      </figcaption>
      <ScrollRegion label={label ? t("code.of", { language: label }) : t("code.block")} className="code-block-body">
        <pre>
          <code>{isLong || grammarOf(language) === null ? code : <ColouredCode code={code} language={language} />}</code>
        </pre>
      </ScrollRegion>
    </figure>
  );
}
