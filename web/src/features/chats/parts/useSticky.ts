import { useCallback, useEffect, useRef, useState } from "react";

/** Within this many pixels of its end the list follows what is added. */
const near = 80;

/** Where a scrolled box stands. */
export interface Position {
  top: number;
  height: number;
  viewport: number;
}

/**
 * Whether to go on following: only moving up by hand lets go, coming near the end takes hold again.
 * Content that grows faster than it is followed never counts as moving.
 */
export function staysStuck(wasStuck: boolean, before: Position, after: Position): boolean {
  if (after.height - after.top - after.viewport <= near) return true;
  const movedUp = after.top < before.top - 1 && after.height >= before.height;
  return wasStuck && !movedUp;
}

function positionOf(box: HTMLElement): Position {
  return { top: box.scrollTop, height: box.scrollHeight, viewport: box.clientHeight };
}

function toTheEnd(box: HTMLElement | null): void {
  box?.scrollTo({ top: box.scrollHeight, behavior: "instant" });
}

/** Keeps a scrolling box at its end while its content grows, until the person scrolls up. */
export function useSticky() {
  const box = useRef<HTMLDivElement>(null);
  const [isStuck, setStuck] = useState(true);
  const stuck = useRef(true);

  const toEnd = useCallback(() => {
    stuck.current = true;
    setStuck(true);
    toTheEnd(box.current);
  }, []);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let before = positionOf(element);
    const follow = () => {
      if (stuck.current) toTheEnd(element);
      before = positionOf(element);
    };
    const moved = () => {
      const after = positionOf(element);
      stuck.current = staysStuck(stuck.current, before, after);
      before = after;
      setStuck(stuck.current);
    };
    const observer = new ResizeObserver(follow);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    element.addEventListener("scroll", moved, { passive: true });
    follow();
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", moved);
    };
  }, []);

  return { box, isStuck, toEnd };
}
