import { Archive, FolderPlus, ListChecks, Search } from "lucide-react";
import { type RefObject, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { askFor } from "@/features/chats/asked";
import { type Command, useCommands } from "@/ui/commands";
import { beginChoosing, showArchive } from "./state";

/** What the palette and the keys offer about the list. */
export function useListCommands(field: RefObject<HTMLInputElement | null>): void {
  const { t } = useTranslation("chats");
  const commands = useMemo(
    (): Command[] => [
      { id: "chats.search", title: t("search"), group: "chat", icon: Search, keys: "/", words: "find dhoondo messages", run: () => field.current?.focus() },
      { id: "chats.choose", title: t("choose"), group: "chat", icon: ListChecks, keys: "x", words: "select bulk multiple", run: () => beginChoosing() },
      { id: "chats.newFolder", title: t("newFolder"), group: "chat", icon: FolderPlus, words: "directory group", run: () => askFor({ what: "newFolder", parentId: null }) },
      { id: "chats.archived", title: t("showArchived"), group: "chat", icon: Archive, keys: "g r", run: () => showArchive(true) },
    ],
    [t, field],
  );
  useCommands(commands);
}
