import { Button } from "@heroui/react";
import { useQueryClient } from "@tanstack/react-query";
import { CircleAlert, CirclePause, CircleStop, Scissors, ShieldAlert, type LucideIcon } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types";
import { continueAnswer, retryAnswer } from "@/features/chats/actions";
import { errorText } from "@/features/chats/errorText";

/** How an answer that is not simply complete ended, and (unless `isBare`) the way on from there. */
export function AnswerEnding({ message, isBare = false }: { message: Message; isBare?: boolean }) {
  const { t } = useTranslation("chats");
  const { status, finishReason, content, error } = message;
  if (status === "failed") {
    return (
      <Notice isBare={isBare} icon={CircleAlert} isBad title={t("failedTitle")} text={error ? errorText(error) : t("noContent")}>
        <RetryAfter message={message} />
        <Retry message={message} isMain />
      </Notice>
    );
  }
  if (status === "interrupted") {
    return (
      <Notice isBare={isBare} icon={CirclePause} text={error ? `${t("interrupted")} ${errorText(error)}` : t("interrupted")}>
        <RetryAfter message={message} />
        <Continue message={message} />
        <Retry message={message} />
      </Notice>
    );
  }
  if (status === "stopped") {
    return (
      <p className="mt-3 flex min-h-8 flex-wrap items-center gap-x-2 text-sm text-muted">
        <CircleStop aria-hidden size={16} />
        {t("stopped")}
        {isBare ? null : <Continue message={message} variant="ghost" />}
      </p>
    );
  }
  if (finishReason === "length") {
    return (
      <Notice isBare={isBare} icon={Scissors} text={t("cutShort")}>
        <Continue message={message} />
      </Notice>
    );
  }
  if (finishReason === "contentFilter") {
    return (
      <Notice isBare={isBare} icon={ShieldAlert} text={t("contentFilter")}>
        <Retry message={message} />
      </Notice>
    );
  }
  if (content === "") {
    return (
      <Notice isBare={isBare} icon={CircleAlert} text={t("noContent")}>
        <Retry message={message} />
      </Notice>
    );
  }
  return null;
}

interface NoticeProps {
  icon: LucideIcon;
  title?: string;
  text: string;
  isBad?: boolean;
  isBare: boolean;
  children: ReactNode;
}

function Notice({ icon: Icon, title, text, isBad = false, isBare, children }: NoticeProps) {
  const look = isBad ? "border-danger/40 bg-danger-soft" : "border-border bg-surface";
  return (
    <div className={`mt-3 flex flex-wrap items-center gap-x-4 gap-y-2 rounded-lg border px-3.5 py-2.5 text-sm ${look}`}>
      <div className="flex min-w-0 flex-1 basis-72 items-start gap-2.5">
        <Icon aria-hidden size={17} className={`mt-0.5 shrink-0 ${isBad ? "text-danger" : "text-muted"}`} />
        <p className="min-w-0 break-words">
          {title ? <strong className="font-semibold">{title}. </strong> : null}
          {text}
        </p>
      </div>
      {isBare ? null : <div className="flex flex-wrap items-center gap-2">{children}</div>}
    </div>
  );
}

/** One press is one call, however slow the server. */
function useOnce(act: () => Promise<void>) {
  const [isBusy, setBusy] = useState(false);
  const press = () => {
    setBusy(true);
    void act().finally(() => setBusy(false));
  };
  return { isPending: isBusy, onPress: press };
}

function Continue({ message, variant = "primary" }: { message: Message; variant?: "primary" | "ghost" }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const once = useOnce(() => continueAnswer(client, message));
  return (
    <Button size="sm" variant={variant} {...once}>
      {t("continue")}
    </Button>
  );
}

function Retry({ message, isMain = false }: { message: Message; isMain?: boolean }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const once = useOnce(() => retryAnswer(client, message));
  return (
    <Button size="sm" variant={isMain ? "primary" : "ghost"} {...once}>
      {t("retry")}
    </Button>
  );
}

/** The moment, in ms, before which the provider does not want to be asked again; null when there is none. */
export function waitUntil({ error, createdAt, latencyMs }: Message): number | null {
  if (!error?.retryAfterMs) return null;
  return new Date(createdAt).getTime() + (latencyMs ?? 0) + error.retryAfterMs;
}

function RetryAfter({ message }: { message: Message }) {
  const { t } = useTranslation("chats");
  const until = waitUntil(message);
  const [now, setNow] = useState(() => Date.now());
  const left = until === null ? 0 : Math.ceil((until - now) / 1_000);
  useEffect(() => {
    if (left <= 0) return;
    const timer = setTimeout(() => setNow(Date.now()), 1_000);
    return () => clearTimeout(timer);
  }, [left]);
  return left > 0 ? <span className="text-muted">{t("retryAfter", { seconds: left })}</span> : null;
}
