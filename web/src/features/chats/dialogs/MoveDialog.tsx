import { Button, Modal } from "@heroui/react";
import { useQuery } from "@tanstack/react-query";
import { Check, Folder as FolderIcon, FolderPlus, Inbox, type LucideIcon } from "lucide-react";
import { ListBox, ListBoxItem } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { treeOf, within } from "@/features/chats/folders";
import { foldersQuery } from "@/features/chats/organise";

interface MoveDialogProps {
  title: string;
  /** Where it is now; undefined when that differs. */
  current: string | null | undefined;
  /** The name of the place outside every folder. */
  outside: string;
  /** A folder that moves cannot go into itself. */
  except?: string;
  onChoose: (folderId: string | null) => void;
  onNew?: () => void;
  onClose: () => void;
}

const none = "none";

/** One press on a folder moves what is to be moved. */
export function MoveDialog({ title, current, outside, except, onChoose, onNew, onClose }: MoveDialogProps) {
  const { t } = useTranslation("chats");
  const { data: folders = [] } = useQuery(foldersQuery);
  const barred = except === undefined ? new Set<string>() : within(folders, except);
  const nodes = treeOf(folders, () => true).filter(({ folder }) => !barred.has(folder.id));
  const options = [
    { id: none, name: outside, depth: 0, icon: Inbox },
    ...nodes.map(({ folder: { id, name }, depth }) => ({ id, name, depth, icon: FolderIcon })),
  ];
  return (
    <Modal.Backdrop isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Modal.Container>
        <Modal.Dialog className="sm:max-w-md">
          <Modal.Header>
            <Modal.Heading className="text-lg font-semibold break-words">{title}</Modal.Heading>
          </Modal.Header>
          <Modal.Body className="mt-3">
            <ListBox
              aria-label={title}
              autoFocus="first"
              items={options}
              className="max-h-[50dvh] overflow-y-auto rounded-lg border border-border p-1 outline-none"
              onAction={(key) => {
                onClose();
                onChoose(key === none ? null : String(key));
              }}
            >
              {({ id, name, depth, icon }) => <Place id={id} name={name} depth={depth} icon={icon} isCurrent={current === (id === none ? null : id)} />}
            </ListBox>
          </Modal.Body>
          <Modal.Footer className="mt-5">
            {onNew ? (
              <Button variant="ghost" className="me-auto" onPress={onNew}>
                <FolderPlus aria-hidden />
                {t("newFolder")}
              </Button>
            ) : null}
            <Button variant="tertiary" onPress={onClose}>
              {t("cancel", { ns: "common" })}
            </Button>
          </Modal.Footer>
        </Modal.Dialog>
      </Modal.Container>
    </Modal.Backdrop>
  );
}

interface PlaceProps {
  id: string;
  name: string;
  depth: number;
  icon: LucideIcon;
  isCurrent: boolean;
}

function Place({ id, name, depth, icon: Icon, isCurrent }: PlaceProps) {
  const { t } = useTranslation("chats");
  return (
    <ListBoxItem
      id={id}
      textValue={name}
      style={{ paddingInlineStart: `${0.625 + depth * 1.1}rem` }}
      className="flex min-h-9 cursor-pointer items-center gap-2.5 rounded-md pe-2.5 text-sm outline-none data-focused:bg-default data-hovered:bg-default pointer-coarse:min-h-11"
    >
      <Icon aria-hidden size={16} className="shrink-0 text-muted" />
      <span className="min-w-0 flex-1 truncate">{name}</span>
      {isCurrent ? (
        <>
          <Check aria-hidden size={15} className="shrink-0 text-accent" />
          <span className="sr-only">{t("isHere")}</span>
        </>
      ) : null}
    </ListBoxItem>
  );
}
