import { useCallback, useEffect, useRef, useState } from "react";
import { type Draft, emptyDraft, readDraft, writeDraft } from "./drafts";

const quietMs = 300;

/** The draft under `key`, written down shortly after each change and when the page is left, unless it must not be. */
export function useDraft(key: string, isKept = true) {
  const [draft, setDraft] = useState(() => readDraft(key));
  const latest = useRef(draft);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);

  const change = useCallback(
    (next: Partial<Draft>) => {
      latest.current = { ...latest.current, ...next };
      setDraft(latest.current);
      clearTimeout(timer.current);
      if (isKept) timer.current = setTimeout(() => writeDraft(key, latest.current), quietMs);
    },
    [key, isKept],
  );

  useEffect(() => {
    if (!isKept) {
      writeDraft(key, emptyDraft);
      return;
    }
    const flush = () => {
      clearTimeout(timer.current);
      writeDraft(key, latest.current);
    };
    addEventListener("pagehide", flush);
    return () => {
      removeEventListener("pagehide", flush);
      flush();
    };
  }, [key, isKept]);

  return [draft, change] as const;
}
