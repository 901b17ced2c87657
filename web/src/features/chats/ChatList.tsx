import "./chats.css";
import { Button } from "@heroui/react";
import { ArrowLeft } from "lucide-react";
import { useTranslation } from "react-i18next";
import { BulkBar } from "./sidebar/BulkBar";
import { Chats } from "./sidebar/Chats";
import { NarrowingChips } from "./sidebar/NarrowingChips";
import { SearchResults } from "./sidebar/SearchResults";
import { SearchRow } from "./sidebar/SearchRow";
import { moveInResults } from "./sidebar/results";
import { showArchive, useListState } from "./sidebar/state";

interface ChatListProps {
  /** Called when a chat is opened, so that a drawer may close. */
  onNavigate?: () => void;
}

/** Every chat, newest first, under the day it was last used; what a search finds; or the archived ones. */
export function ChatList({ onNavigate }: ChatListProps) {
  const { t } = useTranslation("chats");
  const { text, isArchive, chosen } = useListState();
  const isSearch = text.trim() !== "";
  return (
    // The arrows lead from the field through what was found.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- the links themselves are operable
    <nav aria-label={t(isArchive ? "showArchived" : "chats")} className="flex min-h-0 flex-1 flex-col" onKeyDown={isSearch ? moveInResults : undefined}>
      <SearchRow onNavigate={onNavigate} />
      {isArchive && !isSearch ? (
        <div className="flex shrink-0 items-center gap-1 px-2.5 pb-1">
          <Button isIconOnly size="sm" variant="ghost" aria-label={t("backToChats")} onPress={() => showArchive(false)}>
            <ArrowLeft aria-hidden size={16} />
          </Button>
          <h2 className="text-sm font-semibold">{t("archived")}</h2>
        </div>
      ) : null}
      <NarrowingChips />
      {isSearch ? <SearchResults text={text} onNavigate={onNavigate} /> : <Chats key={String(isArchive)} onNavigate={onNavigate} />}
      {chosen && !isSearch ? <BulkBar chosen={chosen} /> : null}
    </nav>
  );
}
