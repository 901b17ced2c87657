import { type ComponentType, createContext, useEffect, useState } from "react";
import type { BodyProps } from "./markdown/Body";

interface MarkdownProps extends BodyProps {
  className?: string;
}

/** The number a source is shown under, by its address: links to it carry the number. */
export const SourceNumbers = createContext<ReadonlyMap<string, number>>(new Map());

let body: ComponentType<BodyProps> | null = null;
let fetching: Promise<void> | null = null;

async function fetchBody(): Promise<void> {
  try {
    body = (await import("./markdown/Body")).default;
  } catch (error) {
    // The next text tries again; until then it is readable as it is.
    fetching = null;
    throw error;
  }
}

/** Fetches the renderer ahead of its first use. */
export function preloadMarkdown(): Promise<void> {
  fetching ??= fetchBody();
  return fetching;
}

/**
 * Markdown from a model: no raw HTML, no foreign images, links that open elsewhere. While the
 * renderer is on its way, and if it never comes, the text itself is shown.
 */
export function Markdown({ className, ...props }: MarkdownProps) {
  const [Body, setBody] = useState<ComponentType<BodyProps> | null>(() => body);
  useEffect(() => {
    if (Body !== null) return;
    preloadMarkdown().then(
      () => setBody(() => body),
      () => undefined,
    );
  }, [Body]);
  return (
    <div className={`md ${className ?? ""}`}>
      {Body ? <Body {...props} /> : <p className="whitespace-pre-wrap">{props.text}</p>}
    </div>
  );
}
