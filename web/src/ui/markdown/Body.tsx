import { memo, useEffect, useMemo, useState } from "react";
import { defaultRemarkPlugins, type PluginConfig, Streamdown, type StreamdownProps } from "streamdown";
import { components, TopHeading } from "./components";
import { mayHoldMath, normalizeMath } from "./math";
import { plainHtml } from "./plainHtml";
import { Cutter } from "./segments";
import "./markdown.css";

export interface BodyProps {
  text: string;
  /** Whether more text is on its way: what is not closed yet is shown as if it were. */
  isStreaming?: boolean;
}

const remarkPlugins: StreamdownProps["remarkPlugins"] = [...Object.values(defaultRemarkPlugins), plainHtml];
// Without the plugin for raw HTML there is none in the tree, so there is nothing to sanitise; addresses
// are checked where links are made.
const rehypePlugins: StreamdownProps["rehypePlugins"] = [];
const noPlugins: PluginConfig = {};

let mathPlugins: PluginConfig | null = null;

/** The maths renderer, fetched once some text holds maths. */
function useMath(isWanted: boolean): PluginConfig {
  const [plugins, setPlugins] = useState<PluginConfig | null>(mathPlugins);
  useEffect(() => {
    if (!isWanted || plugins !== null) return;
    const fetchMath = async () => {
      const { math } = await import("./katex");
      mathPlugins ??= { math };
      setPlugins(mathPlugins);
    };
    // Offline, say: the formulas stay readable as source.
    fetchMath().catch(() => undefined);
  }, [isWanted, plugins]);
  return isWanted && plugins !== null ? plugins : noPlugins;
}

const Segment = memo(function Segment({ text, isStreaming = false }: BodyProps) {
  const isMath = useMemo(() => mayHoldMath(text), [text]);
  const plugins = useMath(isMath);
  const source = useMemo(() => (isMath ? normalizeMath(text) : text), [isMath, text]);
  return (
    <Streamdown
      components={components}
      remarkPlugins={remarkPlugins}
      rehypePlugins={rehypePlugins}
      plugins={plugins}
      controls={false}
      linkSafety={noDialog}
      parseIncompleteMarkdown={isStreaming}
      isAnimating={isStreaming}
      className="md-segment"
    >
      {source}
    </Streamdown>
  );
});

const noDialog = { enabled: false };


/** Rendered Markdown. */
export default function Body({ text, isStreaming }: BodyProps) {
  const [cutter] = useState(() => new Cutter());
  const { settled, length } = useMemo(() => cutter.cut(text), [cutter, text]);
  const top = useMemo(() => /^(#{1,6}) /m.exec(text)?.[1]?.length ?? 1, [text]);
  return (
    <TopHeading value={top}>
      {settled.map((segment, index) => (
        // Settled segments never move.
        // oxlint-disable-next-line react/no-array-index-key
        <Segment key={index} text={segment} />
      ))}
      <Segment key={settled.length} text={text.slice(length)} isStreaming={isStreaming} />
    </TopHeading>
  );
}
