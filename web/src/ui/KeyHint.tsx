import { Kbd } from "@heroui/react";
import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import { isApple } from "./keys";

const names: Record<string, string> = { shift: "⇧", enter: "↵", escape: "Esc", space: "Space", up: "↑", down: "↓" };

function keyName(part: string): string {
  if (part === "mod") return isApple ? "⌘" : "Ctrl";
  return names[part] ?? (part.length === 1 ? part.toUpperCase() : part);
}

/** The keys of a command, such as `Ctrl K`, or `G` then `S`. */
export function KeyHint({ keys, className }: { keys: string; className?: string }) {
  const { t } = useTranslation();
  return (
    <span className={`inline-flex items-center gap-1 ${className ?? ""}`}>
      {keys.split(" ").map((step, index) => (
        <Fragment key={step}>
          {index > 0 ? <span className="text-xs text-muted">{t("keyThen")}</span> : null}
          <Kbd className="h-5 rounded-md px-1.5 text-xs">{step.split("+").map(keyName).join(" ")}</Kbd>
        </Fragment>
      ))}
    </span>
  );
}
