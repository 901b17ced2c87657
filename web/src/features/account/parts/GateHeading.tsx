import type { ReactNode } from "react";
import { usePageTitle } from "@/ui/usePageTitle";

/** The title of a page for those not signed in, also that of the tab. */
export function GateHeading({ title, children }: { title: string; children?: ReactNode }) {
  usePageTitle(title);
  return (
    <div className="mb-7 flex flex-col gap-1.5">
      <h1 className="text-3xl font-semibold">{title}</h1>
      {children ? <div className="text-pretty text-muted">{children}</div> : null}
    </div>
  );
}
