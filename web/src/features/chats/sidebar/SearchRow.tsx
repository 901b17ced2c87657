import { SearchField } from "@heroui/react";
import { Archive, EllipsisVertical, FolderPlus, ListChecks } from "lucide-react";
import { lazy, Suspense, useRef } from "react";
import { useTranslation } from "react-i18next";
import { askFor } from "@/features/chats/asked";
import { IconMenu, type MenuAct } from "@/ui/IconMenu";
import { beginChoosing, showArchive, useListState } from "./state";
import { useListCommands } from "./useListCommands";

const NarrowingPopover = lazy(() => import("./NarrowingPopover"));

/** The search field at the top of the list, its filters and its menu. */
export function SearchRow({ onNavigate }: { onNavigate?: () => void }) {
  const { t } = useTranslation("chats");
  const text = useListState((state) => state.text);
  const field = useRef<HTMLInputElement>(null);
  useListCommands(field);
  return (
    <div className="flex shrink-0 items-center gap-0.5 px-2.5 pb-1">
      <SearchField aria-label={t("search")} className="min-w-0 flex-1" value={text} onChange={(next) => useListState.setState({ text: next })}>
        <SearchField.Group className="h-9 bg-surface">
          <SearchField.SearchIcon />
          <SearchField.Input ref={field} placeholder={t("search")} className="min-w-0 text-sm" />
          <SearchField.ClearButton aria-label={t("searchClear")} />
        </SearchField.Group>
      </SearchField>
      <Suspense fallback={<span className="size-9 shrink-0" />}>
        <NarrowingPopover />
      </Suspense>
      <ListMenu onNavigate={onNavigate} />
    </div>
  );
}

function ListMenu({ onNavigate }: { onNavigate?: () => void }) {
  const { t } = useTranslation("chats");
  const newFolder = () => {
    onNavigate?.();
    askFor({ what: "newFolder", parentId: null });
  };
  const acts: MenuAct[] = [
    { id: "newFolder", icon: FolderPlus, label: t("newFolder"), run: newFolder },
    { id: "choose", icon: ListChecks, label: t("choose"), run: () => beginChoosing() },
    { id: "archive", icon: Archive, label: t("showArchived"), run: () => showArchive(true) },
  ];
  return <IconMenu label={t("listMenu")} icon={EllipsisVertical} acts={acts} />;
}
