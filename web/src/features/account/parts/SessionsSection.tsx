import { Button, Chip, Skeleton } from "@heroui/react";
import { useQuery } from "@tanstack/react-query";
import { Laptop, Smartphone, Terminal } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Session } from "@/api/types";
import { formatAgo, formatDate } from "@/i18n/format";
import { ErrorState } from "@/ui/ErrorState";
import { notify } from "@/ui/notify";
import { problemText } from "@/ui/problemText";
import { SettingsSection } from "@/ui/SettingsSection";
import { deviceOf } from "../device";
import { sessionsQuery, useEndSession } from "../queries";

/** Where one is signed in, and the way to end it. */
export function SessionsSection() {
  const { t } = useTranslation("account");
  const sessions = useQuery(sessionsQuery);
  return (
    <SettingsSection title={t("sessions")} text={t("sessionsText")}>
      {sessions.isPending ? <Skeleton className="h-16 w-full rounded-lg" /> : null}
      {sessions.isError ? <ErrorState title={t("sessions")} error={sessions.error} onRetry={() => void sessions.refetch()} /> : null}
      {sessions.data ? <SessionList sessions={sessions.data} /> : null}
    </SettingsSection>
  );
}

function SessionList({ sessions }: { sessions: Session[] }) {
  const { t } = useTranslation("account");
  const end = useEndSession();
  const stop = (id: string | null, done: string) =>
    end.mutate(id, { onSuccess: () => notify.done(done), onError: (error) => notify.failed(problemText(error)) });
  return (
    <div className="flex flex-col items-start gap-4">
      <ul className="w-full divide-y divide-separator rounded-lg border border-border bg-surface">
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} onEnd={() => stop(session.id, t("sessionEnded"))} />
        ))}
      </ul>
      {sessions.length > 1 ? (
        <Button variant="outline" isPending={end.isPending} onPress={() => stop(null, t("endOthersDone"))}>
          {t("endOthers")}
        </Button>
      ) : null}
    </div>
  );
}

function SessionRow({ session, onEnd }: { session: Session; onEnd: () => void }) {
  const { t } = useTranslation("account");
  const { browser, system, program } = deviceOf(session.userAgent ?? null);
  const isPhone = system === "iPhone" || system === "Android";
  const Icon = program ? Terminal : isPhone ? Smartphone : Laptop;
  const device = browser && system ? t("sessionOn", { browser, system }) : (program ?? t("sessionUnknown"));
  const facts = [
    session.ip ? t("sessionFrom", { ip: session.ip }) : null,
    t("sessionUsed", { time: formatAgo(session.lastUsedAt) }),
    t("sessionSince", { time: formatDate(session.createdAt) }),
  ];
  return (
    <li className="flex items-center gap-4 px-4 py-3">
      <Icon aria-hidden size={20} className="shrink-0 text-muted" />
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-center gap-2 text-sm font-medium">
          {device}
          {session.isCurrent ? (
            <Chip size="sm" color="accent" variant="soft">
              {t("sessionCurrent")}
            </Chip>
          ) : null}
        </p>
        <p className="text-xs text-muted">{facts.filter((fact) => fact !== null).join(" · ")}</p>
      </div>
      {session.isCurrent ? null : (
        <Button size="sm" variant="ghost" aria-label={t("endSessionLabel", { device })} onPress={onEnd}>
          {t("endSession")}
        </Button>
      )}
    </li>
  );
}
