import { Button, Input, Label, Modal, TextField } from "@heroui/react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChatSummary } from "@/api/types";
import { renameChat } from "@/features/chats/actions";

const longest = 200;

/** Gives a chat another title. */
export default function RenameDialog({ chat, onClose }: { chat: ChatSummary; onClose: () => void }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const [title, setTitle] = useState(chat.title);
  const wanted = title.replaceAll(/\s+/g, " ").trim();
  const save = () => {
    if (wanted === "") return;
    if (wanted !== chat.title) void renameChat(client, chat.id, wanted);
    onClose();
  };
  return (
    <Modal.Backdrop isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Modal.Container>
        <Modal.Dialog className="sm:max-w-md">
          <form
            onSubmit={(event) => {
              event.preventDefault();
              save();
            }}
          >
            <Modal.Header>
              <Modal.Heading className="text-lg font-semibold">{t("renameTitle")}</Modal.Heading>
            </Modal.Header>
            <Modal.Body className="mt-3">
              <TextField fullWidth value={title} onChange={setTitle} maxLength={longest}>
                <Label>{t("renameLabel")}</Label>
                {/* The dialog is for this field alone. */}
                <Input autoFocus onFocus={(event) => event.currentTarget.select()} />
              </TextField>
            </Modal.Body>
            <Modal.Footer className="mt-6">
              <Button variant="tertiary" onPress={onClose}>
                {t("cancel", { ns: "common" })}
              </Button>
              <Button type="submit" isDisabled={wanted === ""}>
                {t("save")}
              </Button>
            </Modal.Footer>
          </form>
        </Modal.Dialog>
      </Modal.Container>
    </Modal.Backdrop>
  );
}
