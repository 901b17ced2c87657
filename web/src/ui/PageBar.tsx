import { createContext, type ReactNode, use } from "react";
import { createPortal } from "react-dom";

/** The element of the shell's top bar that belongs to the page shown; null before it is there. */
export const PageBarTarget = createContext<HTMLElement | null>(null);

/**
 * A page's own controls in the shell's top bar: `<PageBar><ModelPicker …/></PageBar>`. The bar
 * exists on every screen size, so a page needs no header of its own (on phones two would not fit).
 */
export function PageBar({ children }: { children: ReactNode }) {
  const target = use(PageBarTarget);
  return target ? createPortal(children, target) : null;
}
