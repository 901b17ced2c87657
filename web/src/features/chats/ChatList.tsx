import "./chats.css";
import { Button, Skeleton } from "@heroui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Archive, ArrowLeft } from "lucide-react";
import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Virtualizer } from "virtua";
import type { ChatSummary } from "@/api/types";
import { currentLocale } from "@/i18n";
import { ErrorState } from "@/ui/ErrorState";
import { allChats, grouped, type Heading, headingKey } from "./list";
import { ChatRow } from "./parts/ChatRow";
import { listQuery, loadOlderChats } from "./queries";
import { useRunningChats } from "./streams/useStream";
import { useTitleWatch } from "./useTitleWatch";

interface ChatListProps {
  /** Called when a chat is opened, so that a drawer may close. */
  onNavigate?: () => void;
}

/** Every chat, newest first, under the day it was last used; or the archived ones. */
export function ChatList({ onNavigate }: ChatListProps) {
  const { t } = useTranslation("chats");
  const [isArchive, setArchive] = useState(false);
  return (
    <nav aria-label={t(isArchive ? "showArchived" : "chats")} className="flex min-h-0 flex-1 flex-col">
      {isArchive ? (
        <div className="flex shrink-0 items-center gap-1 px-2.5 pb-1">
          <Button isIconOnly size="sm" variant="ghost" aria-label={t("backToChats")} onPress={() => setArchive(false)}>
            <ArrowLeft aria-hidden size={16} />
          </Button>
          <h2 className="text-sm font-semibold">{t("archived")}</h2>
        </div>
      ) : null}
      <Chats key={String(isArchive)} isArchive={isArchive} onNavigate={onNavigate} />
      {isArchive ? null : (
        <div className="shrink-0 px-2.5 py-1">
          <Button fullWidth size="sm" variant="ghost" className="justify-start gap-2.5 px-3 font-normal text-muted" onPress={() => setArchive(true)}>
            <Archive aria-hidden size={15} />
            {t("showArchived")}
          </Button>
        </div>
      )}
    </nav>
  );
}

type Row = { key: string; heading: Heading } | { key: string; chat: ChatSummary } | { key: "more" };

function rowsOf(chats: readonly ChatSummary[], hasMore: boolean): Row[] {
  const rows: Row[] = grouped(chats, new Date()).flatMap(({ heading, chats: inGroup }) => [
    { key: headingKey(heading), heading },
    ...inGroup.map((chat) => ({ key: chat.id, chat })),
  ]);
  if (hasMore) rows.push({ key: "more" });
  return rows;
}

function Chats({ isArchive, onNavigate }: ChatListProps & { isArchive: boolean }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(listQuery(isArchive));
  const older = useMutation({ mutationFn: () => loadOlderChats(client, isArchive) });
  const running = useRunningChats();
  const scroller = useRef<HTMLDivElement>(null);
  const chats = useMemo(() => allChats(data?.pages ?? []), [data]);
  const hasMore = data?.pages.at(-1)?.nextCursor != null;
  const rows = useMemo(() => rowsOf(chats, hasMore), [chats, hasMore]);
  useTitleWatch(chats, running);

  const loadWhenNear = (offset: number) => {
    const box = scroller.current;
    const isNear = box !== null && box.scrollHeight - offset - box.clientHeight < 400;
    if (hasMore && isNear && older.isIdle) older.mutate(undefined, { onSuccess: () => older.reset() });
  };
  if (error && !data) return <ErrorState title={t("listFailed")} error={error} onRetry={() => void refetch()} />;
  if (!data) return <ListSkeleton />;
  if (chats.length === 0) return <p className="flex-1 px-5 py-3 text-sm text-muted">{t(isArchive ? "archivedEmpty" : "emptyList")}</p>;
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-2.5 pb-2">
      <Virtualizer as="ul" item="li" data={rows} onScroll={loadWhenNear}>
        {(row) =>
          "chat" in row ? (
            <ChatRow key={row.key} chat={row.chat} isRunning={running.includes(row.chat.id)} onNavigate={onNavigate} />
          ) : "heading" in row ? (
            <h2 key={row.key} className="px-3 pt-4 pb-1 text-xs font-semibold text-muted">
              <HeadingText heading={row.heading} />
            </h2>
          ) : (
            <Button key={row.key} fullWidth size="sm" variant="ghost" className="mt-1" isPending={older.isPending} onPress={() => older.mutate()}>
              {t("loadMore")}
            </Button>
          )
        }
      </Virtualizer>
    </div>
  );
}

function HeadingText({ heading }: { heading: Heading }) {
  const { t } = useTranslation("chats");
  if (typeof heading === "string") return t(`groups.${heading}`);
  const month = new Intl.DateTimeFormat(currentLocale() === "en" ? "en" : "en-IN", { month: "long", year: "numeric" });
  return month.format(new Date(heading.year, heading.month, 1));
}

function ListSkeleton() {
  return (
    <div aria-hidden className="flex flex-1 animate-[appear_1ms_250ms_backwards] flex-col gap-3 px-5 py-4">
      {["70%", "85%", "55%", "78%", "62%"].map((width) => (
        <Skeleton key={width} className="h-4 rounded-md" style={{ width }} />
      ))}
    </div>
  );
}
