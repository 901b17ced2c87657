import { AlertDialog, Button } from "@heroui/react";
import { useTranslation } from "react-i18next";

interface ConfirmDialogProps {
  title: string;
  text: string;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before something is gone for good. */
export function ConfirmDialog({ title, text, onConfirm, onClose }: ConfirmDialogProps) {
  const { t } = useTranslation("chats");
  return (
    <AlertDialog.Backdrop isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <AlertDialog.Container>
        <AlertDialog.Dialog className="sm:max-w-md">
          <AlertDialog.Header>
            <AlertDialog.Heading className="text-lg font-semibold break-words">{title}</AlertDialog.Heading>
          </AlertDialog.Header>
          <AlertDialog.Body className="mt-2">
            <p>{text}</p>
          </AlertDialog.Body>
          <AlertDialog.Footer className="mt-6">
            <Button variant="tertiary" onPress={onClose}>
              {t("cancel", { ns: "common" })}
            </Button>
            <Button
              variant="danger"
              onPress={() => {
                onClose();
                onConfirm();
              }}
            >
              {t("delete")}
            </Button>
          </AlertDialog.Footer>
        </AlertDialog.Dialog>
      </AlertDialog.Container>
    </AlertDialog.Backdrop>
  );
}
