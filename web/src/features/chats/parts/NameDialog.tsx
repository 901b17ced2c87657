import { Button, Input, Label, Modal, TextField } from "@heroui/react";
import { useState } from "react";
import { useTranslation } from "react-i18next";

interface NameDialogProps {
  title: string;
  label: string;
  value: string;
  longest: number;
  /** Called with a name that is not empty, its spaces tidied. */
  onSave: (name: string) => void;
  onClose: () => void;
}

/** Asks for one name: of a chat, of a folder. */
export function NameDialog({ title, label, value, longest, onSave, onClose }: NameDialogProps) {
  const { t } = useTranslation("chats");
  const [name, setName] = useState(value);
  const wanted = name.replaceAll(/\s+/g, " ").trim();
  const save = () => {
    if (wanted === "") return;
    onSave(wanted);
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
              <Modal.Heading className="text-lg font-semibold">{title}</Modal.Heading>
            </Modal.Header>
            <Modal.Body className="mt-3">
              <TextField fullWidth value={name} onChange={setName} maxLength={longest}>
                <Label>{label}</Label>
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
