// How each Markdown element is shown. Most are the bare element, styled by markdown.css.
import { ImageOff } from "lucide-react";
import { Children, type ComponentProps, createContext, isValidElement, type ReactNode, use } from "react";
import { useTranslation } from "react-i18next";
import { type Components, useIsCodeFenceIncomplete } from "streamdown";
import { CodeBlock } from "@/ui/CodeBlock";
import { SourceNumbers } from "@/ui/Markdown";
import { DiagramBlock } from "./DiagramBlock";
import { safeHref } from "./links";
import { ScrollRegion } from "./ScrollRegion";

function textOf(node: ReactNode): string {
  if (typeof node === "string" || typeof node === "number") return String(node);
  if (Array.isArray(node)) return node.map(textOf).join("");
  return isValidElement<{ children?: ReactNode }>(node) ? textOf(node.props.children) : "";
}

function Code({ className, children }: ComponentProps<"code">) {
  const language = /language-(\S+)/.exec(className ?? "")?.[1] ?? "";
  const code = textOf(children).replace(/\n$/, "");
  const isIncomplete = useIsCodeFenceIncomplete();
  if (language === "mermaid") return <DiagramBlock code={code} isIncomplete={isIncomplete} />;
  return <CodeBlock code={code} language={language} />;
}

function InlineCode({ children }: ComponentProps<"code">) {
  return <code>{children}</code>;
}

function Anchor({ href, children, id }: ComponentProps<"a">) {
  const numbers = use(SourceNumbers);
  const address = safeHref(href);
  if (address === undefined) return <span>{children}</span>;
  if (address.startsWith("#")) {
    return (
      <a href={address} id={id}>
        {children}
      </a>
    );
  }
  const number = numbers.get(address);
  return (
    <a href={address} target="_blank" rel="noopener noreferrer nofollow">
      {children}
      {number === undefined ? null : <span className="md-source">{number}</span>}
    </a>
  );
}

/** Fetching a foreign image would tell its host who reads what: it is a link until asked for. */
function Image({ src, alt }: ComponentProps<"img">) {
  const { t } = useTranslation("ui");
  const address = safeHref(typeof src === "string" ? src : undefined);
  const label = alt ? t("markdown.imageOf", { alt }) : t("markdown.image");
  const content = (
    <>
      <ImageOff aria-hidden size={14} />
      {label}
    </>
  );
  if (address === undefined) return <span className="md-image">{content}</span>;
  return (
    <a className="md-image" href={address} target="_blank" rel="noopener noreferrer nofollow">
      {content}
    </a>
  );
}

function Table({ children }: ComponentProps<"table">) {
  const { t } = useTranslation("ui");
  return (
    <ScrollRegion label={t("markdown.table")} className="md-table">
      <table>{children}</table>
    </ScrollRegion>
  );
}

function Item({ children, className }: ComponentProps<"li">) {
  return <li className={className}>{children}</li>;
}

/** A box that can be ticked only in the text it came from. */
function TaskBox({ checked, type }: ComponentProps<"input">) {
  const { t } = useTranslation("ui");
  if (type !== "checkbox") return null;
  return <input type="checkbox" checked={checked === true} disabled readOnly aria-label={t(checked ? "markdown.taskDone" : "markdown.taskOpen")} />;
}

/** A paragraph, unless what it holds is a block of its own. */
function Paragraph({ children }: ComponentProps<"p">) {
  const only = Children.toArray(children);
  const isBlock = only.length === 1 && isValidElement<Record<string, unknown>>(only[0]) && "data-block" in only[0].props;
  return isBlock ? children : <p>{children}</p>;
}

/** The level of a text's own top headings, from 1: models begin anywhere. */
export const TopHeading = createContext(1);

const headings = ["h3", "h4", "h5", "h6"] as const;

/** Headings of an answer stand below the page's own, without a gap whatever level they begin at. */
function headingOf(level: number) {
  return function Heading({ children, id }: ComponentProps<"h3">) {
    const below = Math.max(0, level - use(TopHeading));
    const Tag = headings[Math.min(below, headings.length - 1)] ?? "h6";
    return <Tag id={id}>{children}</Tag>;
  };
}

// Streamdown's type asks of every entry what only entries for unknown tags must do.
export const components = {
  a: Anchor,
  blockquote: "blockquote",
  code: Code,
  h1: headingOf(1),
  h2: headingOf(2),
  h3: headingOf(3),
  h4: headingOf(4),
  h5: headingOf(5),
  h6: headingOf(6),
  hr: "hr",
  img: Image,
  inlineCode: InlineCode,
  input: TaskBox,
  li: Item,
  ol: "ol",
  p: Paragraph,
  section: "section",
  strong: "strong",
  sub: "sub",
  sup: "sup",
  table: Table,
  tbody: "tbody",
  td: "td",
  th: "th",
  thead: "thead",
  tr: "tr",
  ul: "ul",
} as Components;
