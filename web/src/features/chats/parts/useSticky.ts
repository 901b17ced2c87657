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

/** A flick of the finger moves the list for about as long. */
const handMs = 1_500;

/** Whether somebody is moving the box, or has just done so. */
function handOn(box: HTMLElement): { isRecent: () => boolean; stop: () => void } {
  let at = -handMs;
  let isHeld = false;
  const touched = () => {
    at = performance.now();
  };
  const held = () => {
    isHeld = true;
  };
  const released = () => {
    if (isHeld) touched();
    isHeld = false;
  };
  const end = new AbortController();
  for (const name of ["wheel", "touchmove", "keydown"]) box.addEventListener(name, touched, { passive: true, signal: end.signal });
  box.addEventListener("pointerdown", held, { signal: end.signal });
  for (const name of ["pointerup", "pointercancel"]) addEventListener(name, released, { signal: end.signal });
  return { isRecent: () => isHeld || performance.now() - at < handMs, stop: () => end.abort() };
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

  /** Stays where it is put from now on, whatever is added below. */
  const letGo = useCallback(() => {
    stuck.current = false;
    setStuck(false);
  }, []);

  useEffect(() => {
    const element = box.current;
    if (!element) return;
    let before = positionOf(element);
    const follow = () => {
      if (stuck.current) toTheEnd(element);
      before = positionOf(element);
    };
    const byHand = handOn(element);
    const moved = () => {
      const after = positionOf(element);
      const stays = staysStuck(stuck.current, before, after);
      before = after;
      // Rows that are measured for the first time move the list as well.
      if (stuck.current && !stays && !byHand.isRecent()) {
        toTheEnd(element);
        before = positionOf(element);
        return;
      }
      stuck.current = stays;
      setStuck(stays);
    };
    const observer = new ResizeObserver(follow);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    element.addEventListener("scroll", moved, { passive: true });
    follow();
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", moved);
      byHand.stop();
    };
  }, []);

  return { box, isStuck, toEnd, letGo };
}
