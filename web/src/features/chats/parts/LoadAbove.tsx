import { Button, Spinner } from "@heroui/react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface LoadAboveProps {
  isLoading: boolean;
  isFailed: boolean;
  onRetry: () => void;
  /** Shown when there is nothing to load. */
  children: ReactNode;
}

/** The room above the first message: always the same height, so that loading never moves the text. */
export function LoadAbove({ isLoading, isFailed, onRetry, children }: LoadAboveProps) {
  const { t } = useTranslation("chats");
  return (
    <div className="flex h-12 items-center justify-center gap-2 text-sm text-muted">
      {isLoading ? (
        <>
          <Spinner size="sm" aria-hidden />
          {t("loadAbove")}
        </>
      ) : null}
      {isFailed ? (
        <>
          {t("loadAboveFailed")}
          <Button size="sm" variant="ghost" onPress={() => onRetry()}>
            {t("retry")}
          </Button>
        </>
      ) : null}
      {isLoading || isFailed ? null : children}
    </div>
  );
}
