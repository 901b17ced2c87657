import { type ReactNode, useEffect, useRef, useState } from "react";

interface ScrollRegionProps {
  /** What is in it, for screen readers. */
  label: string;
  className?: string;
  children: ReactNode;
}

/** A box that scrolls sideways where its content is wider, and can then be reached by keyboard. */
export function ScrollRegion({ label, className, children }: ScrollRegionProps) {
  const box = useRef<HTMLDivElement>(null);
  const [isWider, setWider] = useState(false);
  useEffect(() => {
    const element = box.current;
    if (!element) return;
    const observer = new ResizeObserver(() => setWider(element.scrollWidth > element.clientWidth + 1));
    observer.observe(element);
    if (element.firstElementChild) observer.observe(element.firstElementChild);
    return () => observer.disconnect();
  }, []);
  const reachable = isWider ? { tabIndex: 0, role: "region", "aria-label": label } : {};
  return (
    <div ref={box} className={`overflow-x-auto ${className ?? ""}`} {...reachable}>
      {children}
    </div>
  );
}
