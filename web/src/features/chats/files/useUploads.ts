import { useCallback, useEffect, useRef, useState } from "react";
import { newId } from "@/api/ids";
import { asProblem } from "@/api/problem";
import type { FileView } from "@/api/types";
import { problemText } from "@/ui/problemText";
import { pastedName } from "./names";

/** A file on its way to the server. */
export interface Upload {
  id: string;
  name: string;
  /** How much of it is there, from 0 to 1. */
  share: number;
  /** Why it did not arrive. */
  failure: string | null;
}

/** The files that are being sent; `onStored` hears of each that arrived. */
export function useUploads(onStored: (file: FileView) => void) {
  const [uploads, setUploads] = useState<readonly Upload[]>([]);
  const aborts = useRef(new Map<string, AbortController>());
  const stored = useRef(onStored);
  useEffect(() => {
    stored.current = onStored;
  });
  useEffect(() => {
    const all = aborts.current;
    return () => {
      for (const abort of all.values()) abort.abort();
    };
  }, []);
  const patch = useCallback(
    (id: string, change: Partial<Upload>) => setUploads((before) => before.map((one) => (one.id === id ? { ...one, ...change } : one))),
    [],
  );
  const drop = useCallback((id: string) => {
    aborts.current.get(id)?.abort();
    aborts.current.delete(id);
    setUploads((before) => before.filter((one) => one.id !== id));
  }, []);
  const add = useCallback(
    (files: readonly File[]) => {
      for (const file of files) {
        const id = newId();
        const name = file.name === "" || /^image\.\w+$/.test(file.name) ? pastedName(file.type, new Date()) : file.name;
        const abort = new AbortController();
        aborts.current.set(id, abort);
        setUploads((before) => [...before, { id, name, share: 0, failure: null }]);
        void run(file, name, (share) => patch(id, { share }), abort.signal).then((end) => {
          if (end === null) return null;
          if (typeof end === "string") patch(id, { failure: end });
          else {
            drop(id);
            stored.current(end);
          }
          return null;
        });
      }
    },
    [drop, patch],
  );
  return { uploads, add, drop };
}

/** The stored file, why there is none, or null when nobody wants it any more. */
async function run(file: File, name: string, onProgress: (share: number) => void, signal: AbortSignal): Promise<FileView | string | null> {
  try {
    const { upload } = await import("@/api/upload");
    return await upload(file, name, onProgress, signal);
  } catch (error) {
    return signal.aborted ? null : problemText(asProblem(error));
  }
}
