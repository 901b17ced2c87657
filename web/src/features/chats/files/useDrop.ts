import { useEffect, useRef, useState } from "react";

function hasFiles({ dataTransfer }: DragEvent): boolean {
  return dataTransfer?.types.includes("Files") ?? false;
}

/** Takes files dropped anywhere on the page; true while some are held above it. */
export function useDrop(onFiles: (files: readonly File[]) => void): boolean {
  const [isOver, setOver] = useState(false);
  const taken = useRef(onFiles);
  useEffect(() => {
    taken.current = onFiles;
  });
  useEffect(() => {
    const end = new AbortController();
    const { signal } = end;
    // Moving over an element inside leaves the one around it: only leaving all of them counts.
    let depth = 0;
    const set = (next: number) => {
      depth = Math.max(0, next);
      setOver(depth > 0);
    };
    addEventListener("dragenter", (event) => hasFiles(event) && set(depth + 1), { signal });
    addEventListener("dragleave", (event) => hasFiles(event) && set(depth - 1), { signal });
    addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault(), { signal });
    addEventListener(
      "drop",
      (event) => {
        if (!hasFiles(event)) return;
        event.preventDefault();
        set(0);
        taken.current([...(event.dataTransfer?.files ?? [])]);
      },
      { signal },
    );
    return () => end.abort();
  }, []);
  return isOver;
}
