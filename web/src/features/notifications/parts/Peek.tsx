import { Button, Skeleton } from "@heroui/react";
import { useInfiniteQuery, useQuery, useQueryClient } from "@tanstack/react-query";
import { CheckCheck } from "lucide-react";
import { useTranslation } from "react-i18next";
import { ButtonLink } from "@/ui/ButtonLink";
import { ErrorState } from "@/ui/ErrorState";
import { latestQuery, listQuery, markRead } from "../queries";
import { Row } from "./Row";

const shown = 8;

/** The newest notifications, below the bell. */
export default function Peek({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("notifications");
  const client = useQueryClient();
  const { data, isPending, error, refetch } = useInfiniteQuery(listQuery(false));
  const unread = useQuery(latestQuery).data?.unreadCount ?? 0;
  const items = data?.pages.flatMap((page) => page.items).slice(0, shown) ?? [];
  return (
    <div className="flex max-h-[min(34rem,75dvh)] flex-col">
      <div className="flex min-h-12 shrink-0 items-center justify-between gap-2 border-b border-border ps-4 pe-2">
        <h2 className="text-base font-semibold">{t("title")}</h2>
        <Button size="sm" variant="ghost" className="text-muted" isDisabled={unread === 0} onPress={() => void markRead(client, null)}>
          <CheckCheck aria-hidden size={15} />
          {t("readAll")}
        </Button>
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a scrolling region must be reachable */}
      <section aria-label={t("newest")} tabIndex={0} className="min-h-0 flex-1 overflow-y-auto p-1.5">
        {isPending ? <Skeleton className="m-1.5 h-24 rounded-lg" /> : null}
        {error && !data ? <ErrorState title={t("failed")} error={error} onRetry={() => void refetch()} /> : null}
        {data && items.length === 0 ? <p className="px-4 py-10 text-center text-sm text-pretty text-muted">{t("emptyText")}</p> : null}
        {items.length > 0 ? (
          <ul>
            {items.map((item) => (
              <Row key={item.id} notification={item} onOpen={onClose} />
            ))}
          </ul>
        ) : null}
      </section>
      <div className="shrink-0 border-t border-border p-1.5">
        <ButtonLink to="/notifications" variant="ghost" size="sm" className="w-full" onClick={onClose}>
          {t("seeAll")}
        </ButtonLink>
      </div>
    </div>
  );
}
