import { useEffect, useState } from "react";

/** A countdown in whole seconds, for a server that asked for patience. */
export function useWait(): { seconds: number; start: (ms: number | undefined) => void } {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (seconds <= 0) return;
    const timer = setTimeout(() => setSeconds(seconds - 1), 1_000);
    return () => clearTimeout(timer);
  }, [seconds]);
  return { seconds, start: (ms = 5_000) => setSeconds(Math.ceil(ms / 1_000)) };
}
