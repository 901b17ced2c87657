import { useQueryClient } from "@tanstack/react-query";
import { ChevronRight, Folder as FolderIcon, FolderInput, FolderOpen, FolderPlus, MoreHorizontal, Pencil, Trash2 } from "lucide-react";
import { type DragEvent, memo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Folder } from "@/api/types";
import { askFor } from "@/features/chats/asked";
import type { FolderNode } from "@/features/chats/folders";
import { moveChats } from "@/features/chats/organise";
import { rowMenuLook } from "@/features/chats/parts/ChatRow";
import { formatNumber } from "@/i18n/format";
import { IconMenu, type MenuAct } from "@/ui/IconMenu";
import { droppedIds, isDroppable } from "./drag";
import { endChoosing, useOpenFolders } from "./state";

/** A folder: opens and closes, takes chats that are dropped on it, and has a menu. */
export const FolderRow = memo(function FolderRow({ node, isOpen }: { node: FolderNode; isOpen: boolean }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const toggle = useOpenFolders((state) => state.toggle);
  const [isOver, setOver] = useState(false);
  const { folder, depth } = node;
  const over = (event: DragEvent) => {
    if (!isDroppable(event)) return;
    event.preventDefault();
    setOver(true);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const ids = droppedIds(event);
    if (ids.length > 0) void moveChats(client, ids, folder.id).then(endChoosing);
  };
  const Icon = isOpen ? FolderOpen : FolderIcon;
  return (
    <div
      className={`group/row relative rounded-lg ${isOver ? "bg-accent-soft outline-2 outline-accent" : ""}`}
      style={{ marginInlineStart: `${depth * 0.9}rem` }}
      onDragOver={over}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => toggle(folder.id, !isOpen)}
        className="flex h-9 w-full items-center gap-2 rounded-lg ps-1.5 pe-9 text-start text-sm transition-colors duration-75 group-hover/row:bg-default focus-visible:outline-2 focus-visible:outline-focus pointer-coarse:h-11 pointer-coarse:pe-11"
      >
        <ChevronRight aria-hidden size={14} className={`shrink-0 text-muted transition-transform duration-100 ${isOpen ? "rotate-90" : ""}`} />
        <Icon aria-hidden size={15} className="shrink-0 text-accent" />
        <span className="min-w-0 flex-1 truncate" title={folder.name}>
          {folder.name}
        </span>
        {folder.chatCount > 0 ? (
          <span className="text-xs text-muted group-focus-within/row:opacity-0 group-hover/row:opacity-0 pointer-coarse:opacity-100!">
            <span className="sr-only">{t("chatCount", { count: folder.chatCount })}</span>
            <span aria-hidden>{formatNumber(folder.chatCount)}</span>
          </span>
        ) : null}
      </button>
      <FolderMenu folder={folder} />
    </div>
  );
});

function FolderMenu({ folder }: { folder: Folder }) {
  const { t } = useTranslation("chats");
  const acts: MenuAct[] = [
    { id: "new", icon: FolderPlus, label: t("newFolderInside"), run: () => askFor({ what: "newFolder", parentId: folder.id }) },
    { id: "rename", icon: Pencil, label: t("rename"), run: () => askFor({ what: "renameFolder", folder }) },
    { id: "move", icon: FolderInput, label: t("moveFolder"), run: () => askFor({ what: "moveFolder", folder }) },
    { id: "delete", icon: Trash2, label: t("deleteFolder"), isDanger: true, run: () => askFor({ what: "deleteFolder", folder }) },
  ];
  return <IconMenu label={t("folderActions", { name: folder.name })} icon={MoreHorizontal} acts={acts} className={rowMenuLook} />;
}
