import { Button, Description, Input, Label, Modal, TextField } from "@heroui/react";
import { useQuery } from "@tanstack/react-query";
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { tagsQuery } from "@/features/chats/organise";
import { mostTags, tagFrom, withTag } from "@/features/chats/tags";

interface TagsDialogProps {
  title: string;
  /** The tags to begin with. */
  tags: readonly string[];
  onSave: (tags: string[]) => void;
  onClose: () => void;
}

/** Chips to take away, a field to add one, and the tags in use to choose from. */
export function TagsDialog({ title, tags, onSave, onClose }: TagsDialogProps) {
  const { t } = useTranslation("chats");
  const [held, setHeld] = useState(tags);
  const [text, setText] = useState("");
  const { data: known = [] } = useQuery(tagsQuery);
  const wanted = folded(text);
  const offered = known.filter(({ tag }) => !held.includes(tag) && folded(tag).includes(wanted)).slice(0, 12);
  const add = (tag: string) => {
    setHeld(withTag(held, tag));
    setText("");
  };
  const save = () => {
    onSave(withTag(held, text));
    onClose();
  };
  return (
    <Modal.Backdrop isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Modal.Container>
        <Modal.Dialog className="sm:max-w-md">
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (tagFrom(text) === "") save();
              else add(text);
            }}
          >
            <Modal.Header>
              <Modal.Heading className="text-lg font-semibold break-words">{title}</Modal.Heading>
            </Modal.Header>
            <Modal.Body className="mt-3 flex flex-col gap-3">
              <ul aria-label={t("tags")} className="flex flex-wrap gap-1.5 empty:hidden">
                {held.map((tag) => (
                  <li key={tag} className="flex max-w-full items-center rounded-full border border-border bg-surface-secondary ps-2.5 text-sm">
                    <span className="truncate">{tag}</span>
                    <button
                      type="button"
                      aria-label={t("removeTag", { tag })}
                      onClick={() => setHeld(held.filter((other) => other !== tag))}
                      className="grid size-7 shrink-0 place-items-center rounded-full text-muted hover:text-foreground focus-visible:outline-2 focus-visible:outline-focus pointer-coarse:size-11"
                    >
                      <X aria-hidden size={14} />
                    </button>
                  </li>
                ))}
              </ul>
              <TextField fullWidth value={text} onChange={setText} maxLength={60} isDisabled={held.length >= mostTags}>
                <Label>{t("addTag")}</Label>
                {/* The dialog is for this field. */}
                <Input autoFocus autoComplete="off" />
                <Description>{held.length >= mostTags ? t("tagsFull", { count: mostTags }) : t("addTagText")}</Description>
              </TextField>
              <div className="flex flex-wrap gap-1.5 empty:hidden">
                {offered.map(({ tag, count }) => (
                  <button
                    key={tag}
                    type="button"
                    onClick={() => add(tag)}
                    className="flex min-h-7 items-center gap-1 rounded-full border border-dashed border-field-border px-2.5 text-sm text-muted hover:text-foreground focus-visible:outline-2 focus-visible:outline-focus pointer-coarse:min-h-11"
                  >
                    <Plus aria-hidden size={13} />
                    {tag}
                    <span className="text-xs">{count}</span>
                  </button>
                ))}
              </div>
            </Modal.Body>
            <Modal.Footer className="mt-6">
              <Button variant="tertiary" onPress={onClose}>
                {t("cancel", { ns: "common" })}
              </Button>
              <Button onPress={save}>{t("save")}</Button>
            </Modal.Footer>
          </form>
        </Modal.Dialog>
      </Modal.Container>
    </Modal.Backdrop>
  );
}

function folded(text: string): string {
  return tagFrom(text).toLowerCase();
}
