import { Code2, type LucideIcon, Mail, Scale, Sparkles } from "lucide-react";
import { useTranslation } from "react-i18next";

const starters = [
  { id: "explain", icon: Sparkles },
  { id: "code", icon: Code2 },
  { id: "mail", icon: Mail },
  { id: "compare", icon: Scale },
] as const satisfies { id: string; icon: LucideIcon }[];

/** A few questions to begin with; choosing one writes it into the text box, to be changed or sent. */
export function Starters({ onChoose }: { onChoose: (prompt: string) => void }) {
  const { t } = useTranslation("chats");
  return (
    <ul aria-label={t("starters.label")} className="mx-auto grid w-full max-w-column gap-2 sm:grid-cols-2">
      {starters.map(({ id, icon: Icon }) => (
        <li key={id}>
          <button
            type="button"
            onClick={() => onChoose(t(`starters.${id}.prompt`))}
            className="flex h-full w-full items-start gap-3 rounded-lg border border-border bg-surface px-3.5 py-3 text-start transition-colors duration-100 hover:bg-surface-secondary focus-visible:outline-2 focus-visible:outline-offset-2 focus-visible:outline-focus"
          >
            <Icon aria-hidden size={17} className="mt-0.5 shrink-0 text-accent" />
            <span className="leading-snug">
              <span className="block text-sm font-medium">{t(`starters.${id}.title`)}</span>
              <span className="block text-sm text-muted">{t(`starters.${id}.text`)}</span>
            </span>
          </button>
        </li>
      ))}
    </ul>
  );
}
