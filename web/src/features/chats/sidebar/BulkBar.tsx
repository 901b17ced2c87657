import { Button } from "@heroui/react";
import { useQueryClient } from "@tanstack/react-query";
import { Archive, ArchiveRestore, FolderInput, ListChecks, type LucideIcon, Mail, MailOpen, MoreHorizontal, Pin, PinOff, Tags, Trash2, X } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { BulkAction } from "@/api/types";
import { askFor } from "@/features/chats/asked";
import { changeMany } from "@/features/chats/organise";
import { everyEntry } from "@/features/chats/queries";
import { IconMenu, type MenuAct } from "@/ui/IconMenu";
import { notify } from "@/ui/notify";
import { beginChoosing, endChoosing, useListState } from "./state";

/** What can be done with the chosen chats, below the list. */
export function BulkBar({ chosen }: { chosen: ReadonlySet<string> }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const isArchive = useListState((state) => state.isArchive);
  const isNone = chosen.size === 0;
  const entries = () => everyEntry(client).filter(({ id }) => chosen.has(id));
  const act = async (action: BulkAction) => {
    const count = await changeMany(client, { ids: [...chosen], action });
    if (count === null) return;
    notify.done(t("changedMany", { count }));
    endChoosing();
  };
  const chooseAll = () => beginChoosing(everyEntry(client).filter(({ archived }) => archived === isArchive).map(({ id }) => id));
  const more: MenuAct[] = [
    { id: "all", icon: ListChecks, label: t("chooseAll"), run: chooseAll },
    { id: "tags", icon: Tags, label: t("tagsMenu"), isDisabled: isNone, run: () => askFor({ what: "tagMany", chats: entries() }) },
    { id: "pin", icon: Pin, label: t("pin"), isDisabled: isNone, run: () => void act("pin") },
    { id: "unpin", icon: PinOff, label: t("unpin"), isDisabled: isNone, run: () => void act("unpin") },
    { id: "unread", icon: Mail, label: t("markUnread"), isDisabled: isNone, run: () => void act("unread") },
  ];
  const archive = isArchive ? "unarchive" : "archive";
  return (
    <section aria-label={t("bulk")} className="flex shrink-0 flex-col gap-1 border-t border-border bg-surface px-2.5 py-2">
      <div className="flex items-center justify-between ps-2">
        <p role="status" className="text-sm font-medium">
          {t("chosen", { count: chosen.size })}
        </p>
        <Button isIconOnly size="sm" variant="ghost" aria-label={t("endChoosing")} onPress={endChoosing}>
          <X aria-hidden size={16} />
        </Button>
      </div>
      <div className="flex items-center justify-between">
        <Act icon={FolderInput} label={t("move")} isDisabled={isNone} onPress={() => askFor({ what: "move", chats: entries() })} />
        <Act icon={isArchive ? ArchiveRestore : Archive} label={t(archive)} isDisabled={isNone} onPress={() => void act(archive)} />
        <Act icon={MailOpen} label={t("markRead")} isDisabled={isNone} onPress={() => void act("read")} />
        <Act icon={Trash2} label={t("delete")} isDisabled={isNone} isDanger onPress={() => askFor({ what: "delete", chats: entries() })} />
        <IconMenu label={t("bulkMore")} icon={MoreHorizontal} acts={more} placement="top end" />
      </div>
    </section>
  );
}

interface ActProps {
  icon: LucideIcon;
  label: string;
  isDisabled: boolean;
  isDanger?: boolean;
  onPress: () => void;
}

function Act({ icon: Icon, label, isDisabled, isDanger = false, onPress }: ActProps) {
  return (
    <Button isIconOnly size="sm" variant="ghost" aria-label={label} isDisabled={isDisabled} className={isDanger ? "text-danger" : ""} onPress={onPress}>
      <Icon aria-hidden size={17} />
    </Button>
  );
}
