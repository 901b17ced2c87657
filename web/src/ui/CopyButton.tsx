import { Button } from "@heroui/react";
import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { notify } from "./notify";

interface CopyButtonProps {
  /** Given out when pressed, so that a growing text is copied as it is then. */
  text: () => string;
  label: string;
  className?: string;
  children?: ReactNode;
}

/** Copies a text and says so for two seconds. */
export function CopyButton({ text, label, className, children }: CopyButtonProps) {
  const { t } = useTranslation();
  const [isCopied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text());
    } catch {
      notify.failed(t("copyFailed", { ns: "ui" }));
      return;
    }
    setCopied(true);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), 2_000);
  };
  const Icon = isCopied ? Check : Copy;
  return (
    <Button isIconOnly={!children} variant="ghost" size="sm" aria-label={isCopied ? t("copied") : label} onPress={() => void copy()} className={className}>
      <Icon aria-hidden size={15} />
      {children}
    </Button>
  );
}
