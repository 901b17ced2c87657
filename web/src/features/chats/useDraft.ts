import { useCallback, useEffect, useRef, useState } from "react";
import { type Draft, readDraft, writeDraft } from "./drafts";

const quietMs = 300;

/** The draft under `key`, written down shortly after each change and when the page is left; without a key, never. */
export function useDraft(key: string | null) {
  const [draft, setDraft] = useState(() => readDraft(key));
  const latest = useRef(draft);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const change = useCallback(
    (next: Partial<Draft> | ((draft: Draft) => Partial<Draft>)) => {
      latest.current = { ...latest.current, ...(typeof next === "function" ? next(latest.current) : next) };
      setDraft(latest.current);
      clearTimeout(timer.current);
      timer.current = setTimeout(() => writeDraft(key, latest.current), quietMs);
    },
    [key],
  );

  useEffect(() => {
    const flush = () => {
      clearTimeout(timer.current);
      writeDraft(key, latest.current);
    };
    addEventListener("pagehide", flush);
    return () => {
      removeEventListener("pagehide", flush);
      flush();
    };
  }, [key]);

  return [draft, change] as const;
}
