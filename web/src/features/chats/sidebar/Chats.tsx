import { Button, Skeleton } from "@heroui/react";
import { useMutation, useQueries, useQuery, useQueryClient } from "@tanstack/react-query";
import { FolderPlus } from "lucide-react";
import { useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Virtualizer } from "virtua";
import { askFor } from "@/features/chats/asked";
import { type Heading, type ListFilter } from "@/features/chats/list";
import { foldersQuery } from "@/features/chats/organise";
import { ChatRow } from "@/features/chats/parts/ChatRow";
import { type ChatList, listQuery, loadOlderChats } from "@/features/chats/queries";
import { useRunningChats } from "@/features/chats/streams/useStream";
import { useTitleWatch } from "@/features/chats/useTitleWatch";
import { currentLocale } from "@/i18n";
import { ErrorState } from "@/ui/ErrorState";
import { ChoiceRow } from "./ChoiceRow";
import { FolderRow } from "./FolderRow";
import { dayRows, folderRows, type Row } from "./rows";
import { isNarrowed, useListState, useOpenFolders } from "./state";

/** The lists that are shown, and with `hasFolders` the folders above them. */
function useShown(): { filter: ListFilter; hasFolders: boolean } {
  const { isArchive, narrowing } = useListState();
  return useMemo(() => {
    const isPlain = !isArchive && !isNarrowed(narrowing);
    return { filter: { archived: isArchive, ...(isPlain ? { folder: "none" } : narrowing) }, hasFolders: isPlain };
  }, [isArchive, narrowing]);
}

const insideOf = (id: string): ListFilter => ({ archived: false, folder: id });

/** The folders with what is in the open ones; none where folders are not shown. */
function useFolderRows(hasFolders: boolean): Row[] {
  const { data: folders } = useQuery({ ...foldersQuery, enabled: hasFolders });
  const opened = useOpenFolders((state) => state.open);
  const open = useMemo(() => (hasFolders && folders ? opened.filter((id) => folders.some((folder) => folder.id === id)) : []), [hasFolders, folders, opened]);
  const lists = useQueries({ queries: open.map((id) => listQuery(insideOf(id))), combine: dataOf });
  return useMemo(() => {
    if (!hasFolders || !folders) return [];
    return folderRows(folders, new Map(open.map((id, index) => [id, lists[index]?.pages])));
  }, [hasFolders, folders, open, lists]);
}

function dataOf(results: readonly { data?: ChatList }[]): (ChatList | undefined)[] {
  return results.map(({ data }) => data);
}

interface ChatsProps {
  /** Called when a chat is opened, so that a drawer may close. */
  onNavigate?: () => void;
}

/** The chats that the filters let through: those in folders first, then the rest by day. */
export function Chats({ onNavigate }: ChatsProps) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const { filter, hasFolders } = useShown();
  const { data, error, refetch } = useQuery(listQuery(filter));
  const folders = useFolderRows(hasFolders);
  const running = useRunningChats();
  const chosen = useListState((state) => state.chosen);
  const older = useMutation({ mutationFn: (folderId: string | null) => loadOlderChats(client, folderId === null ? filter : insideOf(folderId)) });
  const scroller = useRef<HTMLDivElement>(null);
  const pages = useMemo(() => data?.pages ?? [], [data]);
  const rows = useMemo(() => [...folders, ...dayRows(pages)], [folders, pages]);
  const hasMore = pages.at(-1)?.nextCursor != null;
  useTitleWatch(useMemo(() => pages.flatMap(({ items }) => items), [pages]), running);

  const loadWhenNear = (offset: number) => {
    const box = scroller.current;
    const isNear = box !== null && box.scrollHeight - offset - box.clientHeight < 400;
    if (hasMore && isNear && older.isIdle) older.mutate(null, { onSuccess: () => older.reset() });
  };
  if (error && !data) return <ErrorState title={t("listFailed")} error={error} onRetry={() => void refetch()} />;
  if (!data) return <ListSkeleton />;
  return (
    <div ref={scroller} className="min-h-0 flex-1 overflow-y-auto px-2.5 pb-2">
      {hasFolders && folders.length > 0 ? <FoldersHeading /> : null}
      {rows.length === 0 ? <NoChats /> : null}
      <Virtualizer as="ul" item="li" data={rows} startMargin={hasFolders && folders.length > 0 ? 36 : 0} scrollRef={scroller} onScroll={loadWhenNear}>
        {(row) => {
          if (row.kind === "folder") return <FolderRow key={row.key} node={row.node} isOpen={row.isOpen} />;
          if (row.kind === "note") return <Note key={row.key} note={row.note} depth={row.depth} />;
          if (row.kind === "chat") {
            const isRunning = running.includes(row.chat.id);
            if (chosen) return <ChoiceRow key={row.key} chat={row.chat} isChosen={chosen.has(row.chat.id)} isRunning={isRunning} depth={row.depth} />;
            return <ChatRow key={row.key} chat={row.chat} isRunning={isRunning} depth={row.depth} onNavigate={onNavigate} />;
          }
          if (row.kind === "heading") {
            return (
              <h2 key={row.key} className="px-3 pt-4 pb-1 text-xs font-semibold text-muted">
                <HeadingText heading={row.heading} />
              </h2>
            );
          }
          return (
            <Button key={row.key} fullWidth size="sm" variant="ghost" className="mt-1" isPending={older.isPending} onPress={() => older.mutate(row.folderId)}>
              {t("loadMore")}
            </Button>
          );
        }}
      </Virtualizer>
    </div>
  );
}

function FoldersHeading() {
  const { t } = useTranslation("chats");
  return (
    <div className="flex h-9 items-end justify-between ps-3 pe-1">
      <h2 className="pb-1 text-xs font-semibold text-muted">{t("folders")}</h2>
      <Button isIconOnly size="sm" variant="ghost" className="size-7 min-w-7 text-muted" aria-label={t("newFolder")} onPress={() => askFor({ what: "newFolder", parentId: null })}>
        <FolderPlus aria-hidden size={15} />
      </Button>
    </div>
  );
}

function NoChats() {
  const { t } = useTranslation("chats");
  const { isArchive, narrowing } = useListState();
  const text = isNarrowed(narrowing) ? "noneMatch" : isArchive ? "archivedEmpty" : "emptyList";
  return <p className="px-2.5 py-3 text-sm text-muted">{t(text)}</p>;
}

function Note({ note, depth }: { note: "loading" | "emptyFolder"; depth: number }) {
  const { t } = useTranslation("chats");
  return (
    <p className="py-1.5 ps-3 text-xs text-muted" style={{ marginInlineStart: `${depth * 0.9}rem` }}>
      {note === "loading" ? t("loading", { ns: "common" }) : t("emptyFolder")}
    </p>
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
