import { Button } from "@heroui/react";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { TriangleAlert, Unplug } from "lucide-react";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { asProblem } from "@/api/problem";
import { ping } from "@/api/reachability";
import { EmptyState } from "@/ui/EmptyState";
import { problemText } from "@/ui/problemText";
import { usePageTitle } from "@/ui/usePageTitle";

/** The boundary of every page: what a crash or a failed load looks like. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const problem = asProblem(error);
  useEffect(() => {
    if (problem.code === "page_failed") console.error(error);
  }, [error, problem.code]);
  return problem.isUnreachable ? <ServerDown /> : <Crash error={error} reset={reset} />;
}

function ServerDown() {
  const { t } = useTranslation("shell");
  const router = useRouter();
  usePageTitle(t("serverDown"));
  useEffect(() => {
    const timer = setInterval(() => {
      void ping().then((isUp) => (isUp ? router.invalidate() : undefined));
    }, 2_000);
    return () => clearInterval(timer);
  }, [router]);
  return (
    <main className="grid min-h-dvh place-items-center" role="alert">
      <EmptyState
        as="h1"
        icon={Unplug}
        title={t("serverDown")}
        text={t("serverDownText")}
        actions={<Button onPress={() => void router.invalidate()}>{t("tryAgain", { ns: "common" })}</Button>}
      />
    </main>
  );
}

function Crash({ error, reset }: { error: unknown; reset: () => void }) {
  const { t } = useTranslation("shell");
  const router = useRouter();
  const problem = asProblem(error);
  usePageTitle(t("pageFailed"));
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <div className="grid min-h-full flex-1 place-items-center" role="alert">
      <EmptyState
        as="h1"
        icon={TriangleAlert}
        title={t("pageFailed")}
        text={
          <>
            <p>{problem.code === "page_failed" ? t("pageFailedText") : problemText(problem)}</p>
            <p className="mt-3 font-mono text-xs break-words">{problem.requestId ?? problem.message}</p>
          </>
        }
        actions={
          <>
            <Button onPress={again}>{t("tryAgain", { ns: "common" })}</Button>
            <Button variant="outline" onPress={() => location.reload()}>
              {t("reload")}
            </Button>
          </>
        }
      />
    </div>
  );
}
