import { Button, Chip, Spinner } from "@heroui/react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link2Off } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { SharedPage as Page } from "@/api/types";
import { formatDateTime } from "@/i18n/format";
import { Brand } from "@/ui/Brand";
import { ButtonLink } from "@/ui/ButtonLink";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { usePageTitle } from "@/ui/usePageTitle";
import { SharedMessage } from "./parts/SharedMessage";
import { sharedQuery } from "./queries";

/** A chat as whoever holds its link may read it: no account, nothing to press but copy. */
export function SharedPage({ token }: { token: string }) {
  const { t } = useTranslation("shares");
  const query = useInfiniteQuery(sharedQuery(token));
  const [newest] = query.data?.pages ?? [];
  usePageTitle(newest?.title ?? t("sharedChat"));
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex h-14 shrink-0 items-center justify-between border-b border-border px-4 md:px-6">
        <ButtonLink to="/" variant="ghost" className="-ms-2 px-2 [&_svg]:size-6" aria-label={t("toSangam")}>
          <Brand />
        </ButtonLink>
        <p className="text-sm text-muted">{t("readOnly")}</p>
      </header>
      <main id="content" className="flex flex-1 flex-col px-4 md:px-6">
        {newest ? <Thread page={newest} token={token} query={query} /> : <Missing error={query.error} onRetry={() => void query.refetch()} />}
      </main>
    </div>
  );
}

function Missing({ error, onRetry }: { error: unknown; onRetry: () => void }) {
  const { t } = useTranslation("shares");
  if (!error) {
    return (
      <div role="status" className="grid flex-1 place-items-center">
        <Spinner aria-label={t("loading", { ns: "common" })} />
      </div>
    );
  }
  const isGone = typeof error === "object" && "status" in error && (error.status === 404 || error.status === 410);
  if (!isGone) return <ErrorState title={t("failed")} error={error} onRetry={onRetry} />;
  return (
    <div className="grid flex-1 place-items-center">
      <EmptyState as="h1" icon={Link2Off} title={t("gone")} text={t("goneText")} actions={<ButtonLink to="/">{t("toSangam")}</ButtonLink>} />
    </div>
  );
}

interface ThreadProps {
  page: Page;
  token: string;
  query: { data?: { pages: Page[] }; hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> };
}

function Thread({ page, token, query }: ThreadProps) {
  const { t } = useTranslation("shares");
  const messages = (query.data?.pages ?? []).toReversed().flatMap((held) => held.messages);
  return (
    <div className="mx-auto w-full max-w-column pt-8 pb-16">
      <div className="mb-8 border-b border-border pb-5">
        <h1 className="text-2xl font-semibold break-words md:text-3xl">{page.title}</h1>
        <p className="mt-2 flex flex-wrap items-center gap-2 text-sm text-muted">
          {page.kind === "live" ? (
            <Chip size="sm" className="bg-marigold text-marigold-foreground">
              {t("live")}
            </Chip>
          ) : null}
          {t(page.kind === "live" ? "updated" : "taken", { time: formatDateTime(page.kind === "live" ? page.updatedAt : page.createdAt) })}
        </p>
      </div>
      {query.hasNextPage ? (
        <div className="mb-6 flex justify-center">
          <Button size="sm" variant="outline" isPending={query.isFetchingNextPage} onPress={() => void query.fetchNextPage()}>
            {t("earlier")}
          </Button>
        </div>
      ) : null}
      <ol className="flex flex-col gap-6">
        {messages.map((message) => (
          <li key={message.id} className="min-w-0 [contain-intrinsic-size:auto_12rem] [content-visibility:auto]">
            <SharedMessage message={message} token={token} />
          </li>
        ))}
      </ol>
      <p className="mt-12 border-t border-border pt-5 text-center text-sm text-muted">{t("mayBeWrong")}</p>
    </div>
  );
}
