import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Markdown } from "@/ui/Markdown";

interface ReasoningProps {
  text: string;
  /** Whether the model is still at it. */
  isNow: boolean;
  /** How long it took, where that was seen. */
  ms: number | null;
}

/** What the model thought before it answered; folded away until wanted. */
export function Reasoning({ text, isNow, ms }: ReasoningProps) {
  const { t } = useTranslation("chats");
  const [isOpen, setOpen] = useState(false);
  const label = isNow ? t("reasoning.now") : ms === null ? t("reasoning.had") : t("reasoning.took", { seconds: Math.max(1, Math.round(ms / 1_000)) });
  return (
    <div className="mb-3">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="-ms-1 flex min-h-8 items-center gap-1 rounded-md px-1 text-sm text-muted hover:text-foreground focus-visible:outline-2 focus-visible:outline-focus pointer-coarse:min-h-11"
      >
        <ChevronRight aria-hidden size={16} className={`transition-transform duration-100 ${isOpen ? "rotate-90" : ""}`} />
        <span className={isNow ? "animate-pulse" : ""}>{label}</span>
      </button>
      {isOpen ? (
        <div className="mt-1 border-s-2 border-border ps-4 text-[0.9375rem] text-muted">
          <Markdown text={text} isStreaming={isNow} />
        </div>
      ) : null}
    </div>
  );
}
