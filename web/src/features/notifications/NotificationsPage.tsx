import { Button, Skeleton } from "@heroui/react";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bell, CheckCheck } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { Segmented } from "@/ui/Segmented";
import { usePageTitle } from "@/ui/usePageTitle";
import { BrowserSwitch } from "./parts/BrowserSwitch";
import { Row } from "./parts/Row";
import { latestQuery, listQuery, markRead } from "./queries";

/** Everything a person was told, page by page. */
export function NotificationsPage() {
  const { t } = useTranslation("notifications");
  const client = useQueryClient();
  const [filter, setFilter] = useState<"all" | "unread">("all");
  const unread = useQuery(latestQuery).data?.unreadCount ?? 0;
  usePageTitle(t("title"));
  return (
    <div className="mx-auto w-full max-w-3xl px-4 pt-2 pb-16 md:px-8 md:pt-4">
      <h1 className="mb-6 text-3xl font-semibold">{t("title")}</h1>
      <div className="mb-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <Segmented
          label={t("show")}
          value={filter}
          onChange={setFilter}
          options={[
            { value: "all", label: t("all") },
            { value: "unread", label: unread === 0 ? t("unread") : t("unreadCount", { count: unread }) },
          ]}
        />
        <Button size="sm" variant="ghost" isDisabled={unread === 0} onPress={() => void markRead(client, null)}>
          <CheckCheck aria-hidden size={16} />
          {t("readAll")}
        </Button>
      </div>
      <List isUnreadOnly={filter === "unread"} />
      <section className="mt-10 border-t border-border pt-6">
        <h2 className="mb-4 text-base font-semibold">{t("browser.title")}</h2>
        <BrowserSwitch />
      </section>
    </div>
  );
}

function List({ isUnreadOnly }: { isUnreadOnly: boolean }) {
  const { t } = useTranslation("notifications");
  const { data, isPending, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(listQuery(isUnreadOnly));
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  if (isPending) return <Skeleton className="h-40 w-full rounded-lg" />;
  if (error && !data) return <ErrorState title={t("failed")} error={error} onRetry={() => void refetch()} />;
  if (items.length === 0) {
    return (
      <div className="rounded-lg border border-border bg-surface">
        <EmptyState icon={Bell} title={t(isUnreadOnly ? "noneUnread" : "empty")} text={t("emptyText")} />
      </div>
    );
  }
  return (
    <>
      <ul className="divide-y divide-separator rounded-lg border border-border bg-surface p-1">
        {items.map((item) => (
          <Row key={item.id} notification={item} />
        ))}
      </ul>
      {hasNextPage ? (
        <div className="mt-4 flex justify-center">
          <Button size="sm" variant="outline" isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
            {t("older")}
          </Button>
        </div>
      ) : null}
    </>
  );
}
