import { useEffect } from "react";

/** Names the browser tab, history entry and page for screen readers: `<title> · Sangam`. */
export function usePageTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · Sangam` : "Sangam";
  }, [title]);
}
