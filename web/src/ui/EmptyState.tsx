import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";

interface StateProps {
  icon: LucideIcon;
  title: string;
  text?: ReactNode;
  /** Buttons or links that lead on. */
  actions?: ReactNode;
  /** `h1` when it stands for a whole page. */
  as?: "h1" | "h2";
}

/** Nothing here yet, or nothing here at all: says so, and what can be done. */
export function EmptyState({ icon: Icon, title, text, actions, as: Heading = "h2" }: StateProps) {
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-3 px-6 py-16 text-center">
      <div className="grid size-12 place-items-center rounded-xl border border-border bg-surface text-accent">
        <Icon aria-hidden size={22} />
      </div>
      <Heading className="text-xl font-semibold">{title}</Heading>
      {text ? <div className="text-pretty text-muted">{text}</div> : null}
      {actions ? <div className="mt-2 flex flex-wrap justify-center gap-2">{actions}</div> : null}
    </div>
  );
}
