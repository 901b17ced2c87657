import { Spinner } from "@heroui/react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { ping, useReachable } from "@/api/reachability";

const everyMs = 3_000;

/** Says that the server is silent, asks until it answers, then lets the page catch up. */
export function ReachabilityNotice() {
  const { t } = useTranslation("shell");
  const isReachable = useReachable();
  const queryClient = useQueryClient();
  useEffect(() => {
    if (isReachable) return;
    const timer = setInterval(() => {
      void ping().then((isUp) => (isUp ? queryClient.invalidateQueries() : undefined));
    }, everyMs);
    return () => clearInterval(timer);
  }, [isReachable, queryClient]);
  return (
    <div role="status">
      {isReachable ? null : (
        <div className="flex items-center justify-center gap-2.5 border-y border-border bg-surface-secondary px-4 py-2 text-sm">
          <Spinner size="sm" color="current" />
          {t("unreachable")}
        </div>
      )}
    </div>
  );
}
