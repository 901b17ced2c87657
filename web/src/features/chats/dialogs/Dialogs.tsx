import { useQueryClient } from "@tanstack/react-query";
import { lazy } from "react";
import { useTranslation } from "react-i18next";
import type { ChatSummary, Folder } from "@/api/types";
import { renameChat, tagChat } from "@/features/chats/actions";
import { type Asked, askFor, closeAsked, useAsked } from "@/features/chats/asked";
import { changeFolder, changeMany, createFolder, deleteFolder, moveChats } from "@/features/chats/organise";
import { ConfirmDialog } from "@/features/chats/parts/ConfirmDialog";
import { NameDialog } from "@/features/chats/parts/NameDialog";
import { endChoosing, useOpenFolders } from "@/features/chats/sidebar/state";
import { sharedTags } from "@/features/chats/tags";
import { DeleteChats } from "./DeleteChats";
import { MoveDialog } from "./MoveDialog";
import { TagsDialog } from "./TagsDialog";

const FileDialog = lazy(() => import("./FileDialog"));
const TreeDialog = lazy(() => import("./TreeDialog"));
const ShareDialog = lazy(() => import("@/features/shares/ShareDialog"));

const longestTitle = 200;
const longestFolder = 100;

/** The dialog that a menu, a shortcut or the palette has asked for. */
export default function Dialogs() {
  const asked = useAsked((state) => state.asked);
  return asked ? <Dialog asked={asked} /> : null;
}

function Dialog({ asked }: { asked: Asked }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  if (asked.what === "rename") {
    const { id, title } = asked.chat;
    const save = (name: string) => void (name === title ? null : renameChat(client, id, name));
    return <NameDialog title={t("renameTitle")} label={t("renameLabel")} value={title} longest={longestTitle} onSave={save} onClose={closeAsked} />;
  }
  if (asked.what === "share") return <ShareDialog chatId={asked.chat.id} title={asked.chat.title} onClose={closeAsked} />;
  if (asked.what === "file") return <FileDialog file={asked.file} onClose={closeAsked} />;
  if (asked.what === "tree") return <TreeDialog chatId={asked.chatId} messageId={asked.messageId} onClose={closeAsked} />;
  if (asked.what === "delete") return <DeleteChats chats={asked.chats} onClose={closeAsked} />;
  if (asked.what === "tags") {
    const { id, title, tags } = asked.chat;
    return <TagsDialog title={t("tagsFor", { title })} tags={tags} onSave={(next) => void tagChat(client, id, next)} onClose={closeAsked} />;
  }
  if (asked.what === "tagMany") return <TagMany chats={asked.chats} />;
  if (asked.what === "move") return <MoveChats chats={asked.chats} />;
  if (asked.what === "newFolder") return <NewFolder parentId={asked.parentId} chatIds={asked.chatIds} />;
  return <FolderDialog what={asked.what} folder={asked.folder} />;
}

function TagMany({ chats }: { chats: ChatSummary[] }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const before = sharedTags(chats);
  const ids = chats.map(({ id }) => id);
  const save = async (tags: string[]) => {
    for (const tag of before.filter((held) => !tags.includes(held))) await changeMany(client, { ids, action: "untag", tag });
    for (const tag of tags.filter((held) => !before.includes(held))) await changeMany(client, { ids, action: "tag", tag });
    endChoosing();
  };
  return <TagsDialog title={t("tagsForMany", { count: chats.length })} tags={before} onSave={(tags) => void save(tags)} onClose={closeAsked} />;
}

function MoveChats({ chats }: { chats: ChatSummary[] }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const ids = chats.map(({ id }) => id);
  const [first] = chats;
  const isSame = chats.every(({ folderId }) => folderId === first?.folderId);
  return (
    <MoveDialog
      title={chats.length === 1 ? t("moveTitle", { title: first?.title }) : t("moveManyTitle", { count: chats.length })}
      current={isSame ? first?.folderId : undefined}
      outside={t("noFolder")}
      onChoose={(folderId) => void moveChats(client, ids, folderId).then(endChoosing)}
      onNew={() => askFor({ what: "newFolder", parentId: null, chatIds: ids })}
      onClose={closeAsked}
    />
  );
}

function NewFolder({ parentId, chatIds = [] }: { parentId: string | null; chatIds?: string[] }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const toggle = useOpenFolders((state) => state.toggle);
  const create = async (name: string) => {
    if (parentId !== null) toggle(parentId, true);
    const id = await createFolder(client, name, parentId);
    if (id === null || chatIds.length === 0) return;
    await moveChats(client, chatIds, id);
    toggle(id, true);
    endChoosing();
  };
  return (
    <NameDialog title={t("newFolder")} label={t("folderName")} value="" longest={longestFolder} onSave={(name) => void create(name)} onClose={closeAsked} />
  );
}

function FolderDialog({ what, folder }: { what: "renameFolder" | "moveFolder" | "deleteFolder"; folder: Folder }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const { id, name, parentId } = folder;
  if (what === "renameFolder") {
    const save = (next: string) => void (next === name ? null : changeFolder(client, id, { name: next }));
    return <NameDialog title={t("renameFolder")} label={t("folderName")} value={name} longest={longestFolder} onSave={save} onClose={closeAsked} />;
  }
  if (what === "moveFolder") {
    return (
      <MoveDialog
        title={t("moveTitle", { title: name })}
        current={parentId}
        outside={t("topLevel")}
        except={id}
        onChoose={(next) => void changeFolder(client, id, { parentId: next })}
        onClose={closeAsked}
      />
    );
  }
  return (
    <ConfirmDialog
      title={t("deleteFolderConfirm", { name })}
      text={t("deleteFolderText")}
      onConfirm={() => void deleteFolder(client, folder)}
      onClose={closeAsked}
    />
  );
}
