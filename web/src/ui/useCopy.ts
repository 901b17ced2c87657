import { useEffect, useState } from "react";

const shownMs = 2_000;

/** Copies text; `isCopied` holds for a moment after it worked. */
export function useCopy(): { isCopied: boolean; copy: (text: string) => Promise<boolean> } {
  const [copiedAt, setCopiedAt] = useState(0);
  useEffect(() => {
    if (copiedAt === 0) return;
    const timer = setTimeout(() => setCopiedAt(0), shownMs);
    return () => clearTimeout(timer);
  }, [copiedAt]);
  const copy = async (text: string) => {
    const isDone = await write(text);
    if (isDone) setCopiedAt(Date.now());
    return isDone;
  };
  return { isCopied: copiedAt !== 0, copy };
}

// Over plain http from another machine there is no clipboard interface; the old command still works.
async function write(text: string): Promise<boolean> {
  if (navigator.clipboard) {
    return navigator.clipboard.writeText(text).then(
      () => true,
      () => false,
    );
  }
  const area = document.createElement("textarea");
  area.value = text;
  area.setAttribute("readonly", "");
  area.className = "fixed opacity-0";
  document.body.append(area);
  area.select();
  const isDone = document.execCommand("copy");
  area.remove();
  return isDone;
}
