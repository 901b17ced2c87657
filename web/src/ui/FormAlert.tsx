import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

interface FormAlertProps {
  /** The sentence; null while all is well. */
  text: string | null;
  children?: ReactNode;
}

/** What is wrong with a whole form, read out when it appears. */
export function FormAlert({ text, children }: FormAlertProps) {
  return (
    // Always there, for a region must exist before its words to be read out; it takes no room when empty.
    <div role="alert" className="empty:absolute">
      {text === null ? null : (
        <div className="flex items-start gap-2.5 rounded-lg border border-danger/40 bg-danger-soft px-3 py-2.5 text-sm text-foreground">
          <CircleAlert aria-hidden size={17} className="mt-0.5 shrink-0 text-danger" />
          <div>
            <p>{text}</p>
            {children}
          </div>
        </div>
      )}
    </div>
  );
}
