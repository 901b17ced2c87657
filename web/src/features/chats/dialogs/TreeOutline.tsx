import { ChevronRight, Columns2 } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import type { TreeNode } from "@/api/types";
import { useModelName } from "@/features/chats/parts/useModelName";
import type { TreeLine } from "@/features/chats/tree";
import { formatAgo } from "@/i18n/format";

interface TreeOutlineProps {
  lines: readonly TreeLine[];
  /** The message at the end of what is shown. */
  leafId: string | null;
  /** The line that the keys act on. */
  current: string;
  closed: ReadonlySet<string>;
  onCurrent: (id: string) => void;
  onClosed: (closed: Set<string>) => void;
  onGo: (node: TreeNode) => void;
}

const step: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -1e9, End: 1e9 };

/** An outline that the arrow keys walk through: right opens a branch, left closes it or goes to its head. */
export function TreeOutline({ lines, leafId, current, closed, onCurrent, onClosed, onGo }: TreeOutlineProps) {
  const { t } = useTranslation("chats");
  const id = useId();
  const list = useRef<VirtualizerHandle>(null);
  const scroller = useRef<HTMLDivElement>(null);
  const at = lines.findIndex(({ node }) => node.id === current);
  const start = useRef(at);
  useEffect(() => {
    scroller.current?.focus({ preventScroll: true });
    list.current?.scrollToIndex(start.current, { align: "center" });
  }, []);

  const move = (to: number) => {
    const next = Math.max(0, Math.min(lines.length - 1, to));
    const line = lines[next];
    if (!line) return;
    onCurrent(line.node.id);
    list.current?.scrollToIndex(next, { align: "nearest" });
  };
  const toggle = (line: TreeLine, isClosed: boolean) => {
    const next = new Set(closed);
    if (isClosed) next.add(line.node.id);
    else next.delete(line.node.id);
    onClosed(next);
  };
  const headOf = (from: number) => lines.findLastIndex(({ isHead, depth }, index) => index < from && isHead && depth === lines[from]?.depth);
  const onKeyDown = (event: KeyboardEvent) => {
    const line = lines[at];
    const by = step[event.key];
    const isClosed = line !== undefined && closed.has(line.node.id);
    if (by !== undefined) move(at + by);
    else if (!line) return;
    else if (event.key === "Enter" || event.key === " ") onGo(line.node);
    else if (event.key === "ArrowRight" && line.isHead && isClosed) toggle(line, false);
    else if (event.key === "ArrowLeft" && line.isHead && !isClosed && line.size > 1) toggle(line, true);
    else if (event.key === "ArrowLeft" && headOf(at) >= 0) move(headOf(at));
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={scroller}
      role="tree"
      aria-label={t("tree.title")}
      aria-activedescendant={at < 0 ? undefined : `${id}-${at}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      className="h-[min(34rem,60dvh)] overflow-y-auto rounded-lg border border-border bg-surface p-1.5 outline-none focus-visible:border-accent"
    >
      <Virtualizer ref={list} scrollRef={scroller} data={lines} startMargin={6} keepMounted={at < 0 ? [] : [at]}>
        {(line, index) => (
          <Line
            key={line.node.id}
            id={`${id}-${index}`}
            line={line}
            isCurrent={line.node.id === current}
            isShownEnd={line.node.id === leafId}
            isClosed={closed.has(line.node.id)}
            onPoint={() => onCurrent(line.node.id)}
            onToggle={(isClosed) => toggle(line, isClosed)}
            onGo={() => onGo(line.node)}
          />
        )}
      </Virtualizer>
    </div>
  );
}

interface LineProps {
  id: string;
  line: TreeLine;
  isCurrent: boolean;
  isShownEnd: boolean;
  isClosed: boolean;
  onPoint: () => void;
  onToggle: (isClosed: boolean) => void;
  onGo: () => void;
}

/** Indentation of one step, and where its rail stands, in rem. */
const indent = 1.25;
const deepest = 10;

function Line({ id, line, isCurrent, isShownEnd, isClosed, onPoint, onToggle, onGo }: LineProps) {
  const { t } = useTranslation("chats");
  const { node, isHead, isOnPath, size } = line;
  const isUser = node.role === "user";
  const model = useModelName(node.modelUsed);
  const who = isUser ? t("you") : (model ?? t("answer"));
  const canToggle = isHead && size > 1;
  const spoken = [who, plain(node.preview), node.status === "complete" ? "" : t(`tree.${node.status}`), isShownEnd ? t("tree.shown") : ""];
  return (
    // The tree has the focus and the keys; its lines are reached by aria-activedescendant.
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/interactive-supports-focus
    <div
      id={id}
      role="treeitem"
      aria-level={line.depth + 1}
      aria-selected={isCurrent}
      aria-expanded={canToggle ? !isClosed : undefined}
      aria-label={spoken.filter(Boolean).join(", ")}
      onClick={onGo}
      onPointerMove={isCurrent ? undefined : onPoint}
      className={`relative flex min-h-9 cursor-pointer items-center gap-2 rounded-md pe-2.5 text-sm pointer-coarse:min-h-11 ${isCurrent ? "bg-default" : ""}`}
      style={{ paddingInlineStart: `${Math.min(line.depth, deepest) * indent + 1.75}rem` }}
    >
      <Rails line={line} isShownEnd={isShownEnd} />
      <span className={`w-20 shrink-0 truncate text-xs sm:w-28 ${isUser ? "font-semibold" : "text-muted"}`}>{who}</span>
      <span className={`min-w-0 flex-1 truncate ${isOnPath ? "" : "text-muted"}`}>{plain(node.preview) || t("tree.empty")}</span>
      {node.comparisonId ? <Columns2 aria-hidden size={14} className="shrink-0 text-muted" /> : null}
      {isShownEnd ? <span className="shrink-0 rounded-full bg-accent-soft px-2 text-xs font-medium text-accent">{t("tree.shown")}</span> : null}
      {canToggle ? (
        <button
          type="button"
          tabIndex={-1}
          aria-label={t(isClosed ? "tree.expand" : "tree.collapse")}
          className="-me-1.5 flex h-7 shrink-0 items-center gap-1 rounded-md px-1.5 text-xs text-muted hover:bg-surface-tertiary hover:text-foreground"
          onClick={(event) => {
            event.stopPropagation();
            onToggle(!isClosed);
          }}
        >
          {isClosed ? `+${size - 1}` : ""}
          <ChevronRight aria-hidden size={14} className={isClosed ? "" : "rotate-90"} />
        </button>
      ) : (
        <span className="shrink-0 text-xs text-muted max-sm:hidden">{formatAgo(node.createdAt)}</span>
      )}
    </div>
  );
}

/** A preview without the signs of Markdown. */
function plain(text: string): string {
  return text.replaceAll(/[*_`#>]+/g, "").replaceAll(/\s+/g, " ").trim();
}

/** The lines that tie a message to the one above and below it, and its dot. */
function Rails({ line, isShownEnd }: { line: TreeLine; isShownEnd: boolean }) {
  const { isHead, isOnPath, goesOn, node } = line;
  const depth = Math.min(line.depth, deepest);
  const left = (steps: number) => `${steps * indent + 0.8125}rem`;
  const tone = isOnPath ? "bg-accent" : "bg-(--field-border)";
  const isFirst = node.parentId === null && !isHead;
  return (
    <span aria-hidden>
      {Array.from({ length: depth }, (_, at) => (
        // oxlint-disable-next-line react/no-array-index-key
        <span key={at} className={`absolute inset-y-0 w-px ${at === 0 ? "bg-accent" : "bg-border"}`} style={{ left: left(at) }} />
      ))}
      {isHead ? <span className="absolute top-1/2 h-px bg-(--field-border)" style={{ left: left(depth - 1), width: `${indent}rem` }} /> : null}
      {isHead || isFirst ? null : <span className={`absolute top-0 h-1/2 w-px ${tone}`} style={{ left: left(depth) }} />}
      {goesOn ? <span className={`absolute top-1/2 bottom-0 w-px ${tone}`} style={{ left: left(depth) }} /> : null}
      <span
        className={`absolute top-1/2 size-[0.5625rem] -translate-1/2 rounded-full border-2 ${isOnPath ? "border-accent" : "border-(--field-border)"} ${isShownEnd || node.role === "user" ? (isOnPath ? "bg-accent" : "bg-(--field-border)") : "bg-surface"}`}
        style={{ left: `calc(${left(depth)} + 0.5px)` }}
      />
    </span>
  );
}
