import { useTranslation } from "react-i18next";
import type { Citation } from "@/api/types";
import { hostOf, safeHref } from "@/ui/markdown/links";

/** The number of each source by its address: the same page cited twice has one number. */
export function numbered(citations: readonly Citation[]): ReadonlyMap<string, number> {
  const numbers = new Map<string, number>();
  for (const { url } of citations) {
    const address = safeHref(url);
    if (address !== undefined && !numbers.has(address)) numbers.set(address, numbers.size + 1);
  }
  return numbers;
}

/** What an answer cites, as numbered links. */
export function Sources({ citations }: { citations: readonly Citation[] }) {
  const { t } = useTranslation("chats");
  const numbers = numbered(citations);
  if (numbers.size === 0) return null;
  const titleOf = (address: string) => citations.find(({ url, title }) => title && safeHref(url) === address)?.title;
  return (
    <section aria-label={t("sources")} className="mt-4">
      <p aria-hidden className="mb-1.5 text-sm font-medium text-muted">
        {t("sources")}
      </p>
      <ol className="flex flex-wrap gap-1.5">
        {[...numbers].map(([address, number]) => (
          <li key={address} className="max-w-full">
            <a
              href={address}
              target="_blank"
              rel="noopener noreferrer nofollow"
              className="flex min-h-7 max-w-72 items-center gap-2 rounded-md border border-border bg-surface px-2 text-sm hover:bg-default pointer-coarse:min-h-11"
            >
              <span className="text-xs font-semibold text-muted">{number}</span>
              <span className="truncate">{titleOf(address) ?? hostOf(address)}</span>
              <span className="shrink-0 text-xs text-muted">{titleOf(address) ? hostOf(address) : ""}</span>
            </a>
          </li>
        ))}
      </ol>
    </section>
  );
}
