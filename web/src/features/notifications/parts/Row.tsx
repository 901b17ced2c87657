import { Button } from "@heroui/react";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Check, CircleCheck, ExternalLink, Link2, type LucideIcon, Megaphone, MessageSquareText, X } from "lucide-react";
import type { MouseEvent } from "react";
import { useTranslation } from "react-i18next";
import type { Notification, NotificationKind } from "@/api/types";
import { formatAgo } from "@/i18n/format";
import { openNotification } from "../announce";
import { targetOf } from "../list";
import { markRead, remove } from "../queries";

const icons: Record<NotificationKind, LucideIcon> = { answerFinished: MessageSquareText, shareChanged: Link2, jobFinished: CircleCheck, notice: Megaphone };

const textLook = "flex w-full min-w-0 gap-3 rounded-lg py-2.5 ps-3 pe-4 text-start transition-colors duration-75 group-hover/row:bg-default focus-visible:outline-2 focus-visible:outline-focus pointer-coarse:pe-13";

interface RowProps {
  notification: Notification;
  /** Called when it leads somewhere, so that a panel may close. */
  onOpen?: () => void;
}

/** One thing a person was told: leads there, can be marked as read and taken away. */
export function Row({ notification, onOpen }: RowProps) {
  const { t } = useTranslation("notifications");
  const client = useQueryClient();
  const { title, readAt } = notification;
  return (
    <li className="group/row relative">
      <Body notification={notification} onOpen={onOpen} />
      <div className="absolute end-1.5 top-1.5 flex rounded-lg bg-default text-muted opacity-0 group-focus-within/row:opacity-100 group-hover/row:opacity-100 pointer-coarse:bg-transparent pointer-coarse:opacity-100">
        {readAt === null ? (
          <Button isIconOnly size="sm" variant="ghost" className="pointer-coarse:hidden" aria-label={t("markRead", { title })} onPress={() => void markRead(client, [notification.id])}>
            <Check aria-hidden size={15} />
          </Button>
        ) : null}
        <Button isIconOnly size="sm" variant="ghost" aria-label={t("remove", { title })} onPress={() => void remove(client, notification)}>
          <X aria-hidden size={15} />
        </Button>
      </div>
    </li>
  );
}

/** A link where it leads somewhere, plain text where it does not. */
function Body({ notification, onOpen }: RowProps) {
  const client = useQueryClient();
  const router = useRouter();
  const target = targetOf(notification);
  if (target === null) {
    return (
      <div className={textLook.replace("group-hover/row:bg-default ", "")}>
        <Text notification={notification} />
      </div>
    );
  }
  const href = "path" in target ? target.path : target.url;
  const open = (event: MouseEvent) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    onOpen?.();
    openNotification(client, notification, (path) => router.history.push(path));
  };
  return (
    <a href={href} onClick={open} className={textLook} {...("url" in target ? { target: "_blank", rel: "noopener" } : {})}>
      <Text notification={notification} isElsewhere={"url" in target} />
    </a>
  );
}

function Text({ notification, isElsewhere = false }: { notification: Notification; isElsewhere?: boolean }) {
  const { t } = useTranslation("notifications");
  const { kind, title, detail, readAt, createdAt } = notification;
  const Icon = icons[kind] ?? Megaphone;
  const isUnread = readAt === null;
  return (
    <>
      <span className="relative mt-0.5 grid size-8 shrink-0 place-items-center rounded-lg border border-border bg-surface text-accent">
        <Icon aria-hidden size={16} />
        {isUnread ? <span aria-hidden className="absolute -end-1 -top-1 size-2.5 rounded-full border-2 border-overlay bg-marigold" /> : null}
      </span>
      <span className="min-w-0 flex-1">
        <span className={`block text-sm leading-snug break-words ${isUnread ? "font-semibold" : ""}`}>
          {isUnread ? <span className="sr-only">{t("unreadMark")} </span> : null}
          {title}
          {isElsewhere ? <ExternalLink aria-hidden size={13} className="ms-1.5 inline text-muted" /> : null}
        </span>
        {detail === null ? null : <span className="mt-0.5 line-clamp-2 text-sm leading-snug break-words text-muted">{detail}</span>}
        <span className="mt-1 block text-xs text-muted">
          {t(`kinds.${kind}`)} · <time dateTime={createdAt}>{formatAgo(createdAt)}</time>
        </span>
      </span>
    </>
  );
}
