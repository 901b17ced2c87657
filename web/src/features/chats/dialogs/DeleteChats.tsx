import { useQueryClient } from "@tanstack/react-query";
import { useParams, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ChatSummary } from "@/api/types";
import { deleteChat } from "@/features/chats/actions";
import { changeMany } from "@/features/chats/organise";
import { ConfirmDialog } from "@/features/chats/parts/ConfirmDialog";
import { endChoosing } from "@/features/chats/sidebar/state";

/** Asks before chats are gone for good; an open one is left first. */
export function DeleteChats({ chats, onClose }: { chats: readonly ChatSummary[]; onClose: () => void }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const router = useRouter();
  const { chatId } = useParams({ strict: false });
  const [first] = chats;
  const remove = async () => {
    if (chats.some(({ id }) => id === chatId)) await router.navigate({ to: "/" });
    if (first && chats.length === 1) await deleteChat(client, first.id);
    else await changeMany(client, { ids: chats.map(({ id }) => id), action: "delete" });
    endChoosing();
  };
  const isOne = chats.length === 1;
  return (
    <ConfirmDialog
      title={isOne ? t("deleteConfirm", { title: first?.title }) : t("deleteManyConfirm", { count: chats.length })}
      text={t(isOne ? "deleteText" : "deleteManyText")}
      onConfirm={() => void remove()}
      onClose={onClose}
    />
  );
}
