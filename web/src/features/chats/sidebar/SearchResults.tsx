import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Hit } from "@/api/pending";
import type { ChatSummary } from "@/api/types";
import { allChats } from "@/features/chats/list";
import { everyEntry, listQuery } from "@/features/chats/queries";
import { pieces, searchQuery, titlesWith } from "@/features/chats/search";
import { formatAgo } from "@/i18n/format";
import { problemText } from "@/ui/problemText";
import { useListState } from "./state";

const pauseMs = 200;
const shortest = 2;

/** `text` once it has been left alone for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

interface SearchResultsProps {
  text: string;
  onNavigate?: () => void;
}

/** Titles that hold the words, from what is here at once; then messages from the server. */
export function SearchResults({ text, onNavigate }: SearchResultsProps) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const { narrowing, isArchive } = useListState();
  const { tag: _, ...scope } = narrowing;
  const wanted = useSettled(text).trim();
  const isAsked = wanted.length >= shortest;
  const titled = useQuery({ ...listQuery({ archived: isArchive, q: wanted, ...narrowing }), enabled: isAsked });
  const found = useQuery({ ...searchQuery(wanted, scope), enabled: isAsked });
  const titles = useMemo(() => {
    const held = everyEntry(client).filter(({ archived }) => archived === isArchive);
    return titlesWith([...held, ...allChats(titled.data?.pages ?? [])], text);
  }, [client, isArchive, titled.data, text]);
  const hits = (isAsked && found.data) || [];
  const isWaiting = isAsked && (found.isFetching || text.trim() !== wanted);
  const isNothing = titles.length === 0 && hits.length === 0 && !isWaiting && !found.error;
  return (
    <div className="min-h-0 flex-1 overflow-y-auto px-2.5 pb-2">
      <p role="status" className="sr-only">
        {isWaiting ? t("searching") : t("foundCount", { count: titles.length + hits.length })}
      </p>
      <Section title={t("chats")} isShown={titles.length > 0}>
        {titles.map((chat) => (
          <TitleResult key={chat.id} chat={chat} onNavigate={onNavigate} />
        ))}
      </Section>
      <Section title={t("messages")} isShown={hits.length > 0}>
        {hits.map((hit) => (
          <HitResult key={hit.messageId} hit={hit} onNavigate={onNavigate} />
        ))}
      </Section>
      {found.error ? <p className="px-2.5 py-3 text-sm text-danger">{problemText(found.error)}</p> : null}
      {isNothing ? <p className="px-2.5 py-3 text-sm text-muted">{isAsked ? t("nothingFound", { text: text.trim() }) : t("searchShort")}</p> : null}
      {isWaiting && hits.length === 0 ? (
        <p aria-hidden className="px-2.5 py-3 text-sm text-muted">
          {t("searching")}
        </p>
      ) : null}
    </div>
  );
}

function Section({ title, isShown, children }: { title: string; isShown: boolean; children: React.ReactNode }) {
  if (!isShown) return null;
  return (
    <section aria-label={title}>
      <h2 className="px-3 pt-3 pb-1 text-xs font-semibold text-muted">{title}</h2>
      <ul>{children}</ul>
    </section>
  );
}

function TitleResult({ chat, onNavigate }: { chat: ChatSummary; onNavigate?: () => void }) {
  return (
    <li>
      <Link
        to="/chat/$chatId"
        params={{ chatId: chat.id }}
        preload={false}
        data-result
        onClick={onNavigate}
        className="flex min-h-9 items-center rounded-lg px-3 text-sm hover:bg-default focus-visible:bg-default pointer-coarse:min-h-11"
      >
        <span className="truncate">{chat.title}</span>
      </Link>
    </li>
  );
}

function HitResult({ hit, onNavigate }: { hit: Hit; onNavigate?: () => void }) {
  const { t } = useTranslation("chats");
  return (
    <li>
      <Link
        to="/chat/$chatId"
        params={{ chatId: hit.chatId }}
        search={{ m: hit.messageId }}
        preload={false}
        data-result
        onClick={onNavigate}
        className="block rounded-lg px-3 py-2 text-sm hover:bg-default focus-visible:bg-default"
      >
        <span className="flex items-baseline gap-2">
          <span className="min-w-0 flex-1 truncate font-medium">{hit.title}</span>
          <span className="shrink-0 text-xs text-muted">{formatAgo(hit.createdAt)}</span>
        </span>
        <span className="mt-0.5 line-clamp-3 text-[0.8125rem] leading-5 break-words text-muted">
          <span className="sr-only">{t(hit.role === "user" ? "you" : "answer")}: </span>
          {pieces(hit.snippet, hit.highlights).map(({ at, text, isMatch }) =>
            isMatch ? (
              <mark key={at} className="rounded-xs bg-marigold/35 text-foreground">
                {text}
              </mark>
            ) : (
              <span key={at}>{text}</span>
            ),
          )}
        </span>
      </Link>
    </li>
  );
}
