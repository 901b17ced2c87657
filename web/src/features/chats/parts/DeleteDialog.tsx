import { AlertDialog, Button } from "@heroui/react";
import { useQueryClient } from "@tanstack/react-query";
import { useParams, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import type { ChatSummary } from "@/api/types";
import { deleteChat } from "@/features/chats/actions";

/** Asks before a chat is gone for good. */
export default function DeleteDialog({ chat, onClose }: { chat: ChatSummary; onClose: () => void }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const router = useRouter();
  const { chatId } = useParams({ strict: false });
  const remove = () => {
    onClose();
    const leave = chatId === chat.id ? router.navigate({ to: "/" }) : Promise.resolve();
    void leave.then(() => deleteChat(client, chat.id));
  };
  return (
    <AlertDialog.Backdrop isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <AlertDialog.Container>
        <AlertDialog.Dialog className="sm:max-w-md">
          <AlertDialog.Header>
            <AlertDialog.Heading className="text-lg font-semibold break-words">{t("deleteConfirm", { title: chat.title })}</AlertDialog.Heading>
          </AlertDialog.Header>
          <AlertDialog.Body className="mt-2">
            <p>{t("deleteText")}</p>
          </AlertDialog.Body>
          <AlertDialog.Footer className="mt-6">
            <Button variant="tertiary" onPress={onClose}>
              {t("cancel", { ns: "common" })}
            </Button>
            <Button variant="danger" onPress={remove}>
              {t("delete")}
            </Button>
          </AlertDialog.Footer>
        </AlertDialog.Dialog>
      </AlertDialog.Container>
    </AlertDialog.Backdrop>
  );
}
