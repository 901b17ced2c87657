import { Button } from "@heroui/react";
import { TriangleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { EmptyState } from "./EmptyState";
import { problemText } from "./problemText";

/** A part of the page that could not be had, with the way to try again. */
export function ErrorState({ title, error, onRetry }: { title: string; error: unknown; onRetry?: () => void }) {
  const { t } = useTranslation();
  const { requestId } = asProblem(error);
  return (
    <div role="alert">
      <EmptyState
        icon={TriangleAlert}
        title={title}
        text={
          <>
            <p>{problemText(error)}</p>
            {requestId ? <p className="mt-2 font-mono text-xs">{t("requestId", { id: requestId })}</p> : null}
          </>
        }
        actions={onRetry ? <Button onPress={onRetry}>{t("tryAgain")}</Button> : null}
      />
    </div>
  );
}
