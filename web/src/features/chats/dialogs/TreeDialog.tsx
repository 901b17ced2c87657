import { Button, Modal, Spinner } from "@heroui/react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { CornerDownRight, GitFork } from "lucide-react";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { TreeNode } from "@/api/types";
import { forkChat } from "@/features/chats/branching";
import { treeQuery } from "@/features/chats/queries";
import { ChatTreeModel } from "@/features/chats/tree";
import { ErrorState } from "@/ui/ErrorState";
import { TreeOutline } from "./TreeOutline";

interface TreeDialogProps {
  chatId: string;
  messageId?: string;
  onClose: () => void;
}

/** Branches off the path that are longer than this are closed at first. */
const longest = 6;

/** Every branch of a chat: choosing a message shows its branch, at that message. */
export default function TreeDialog({ chatId, messageId, onClose }: TreeDialogProps) {
  const { t } = useTranslation("chats");
  const { data, error, refetch } = useQuery(treeQuery(chatId));
  const model = useMemo(() => data && new ChatTreeModel(data.items, data.activeLeafId), [data]);
  return (
    <Modal.Backdrop isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Modal.Container size="lg" scroll="inside">
        <Modal.Dialog className="sm:max-w-3xl">
          <Modal.CloseTrigger />
          <Modal.Header>
            <Modal.Heading className="text-lg font-semibold">{t("tree.title")}</Modal.Heading>
            <p className="text-sm text-muted">{model ? `${t("tree.messages", { count: model.nodes.length })} · ${t("tree.branches", { count: model.branches })}` : "\u00A0"}</p>
          </Modal.Header>
          {error ? <ErrorState title={t("tree.failed")} error={error} onRetry={() => void refetch()} /> : null}
          {model ? <Tree key={chatId} model={model} chatId={chatId} messageId={messageId} onClose={onClose} /> : null}
          {!model && !error ? (
            <div className="grid h-64 place-items-center">
              <Spinner aria-label={t("searching")} />
            </div>
          ) : null}
        </Modal.Dialog>
      </Modal.Container>
    </Modal.Backdrop>
  );
}

function Tree({ model, chatId, messageId, onClose }: TreeDialogProps & { model: ChatTreeModel }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const router = useRouter();
  const [closed, setClosed] = useState(() => model.longHeads(longest));
  const [current, setCurrent] = useState(messageId ?? model.leafId ?? "");
  const lines = useMemo(() => model.lines(closed), [model, closed]);
  const chosen = lines.find(({ node }) => node.id === current)?.node ?? lines.at(-1)?.node;
  const go = (node: TreeNode) => {
    onClose();
    void router.navigate({ to: "/chat/$chatId", params: { chatId }, search: { m: node.id } });
  };
  const fork = async (node: TreeNode) => {
    onClose();
    const chat = await forkChat(client, chatId, node.id);
    if (chat) await router.navigate({ to: "/chat/$chatId", params: { chatId: chat.id } });
  };
  return (
    <>
      <Modal.Body className="mt-3 flex min-h-0 flex-col text-foreground">
        <TreeOutline lines={lines} leafId={model.leafId} current={chosen?.id ?? ""} closed={closed} onCurrent={setCurrent} onClosed={setClosed} onGo={go} />
      </Modal.Body>
      <Modal.Footer className="mt-3 flex-wrap items-center">
        <p className="me-auto text-xs text-muted max-sm:hidden">{t("tree.keys")}</p>
        <Button variant="tertiary" isDisabled={chosen?.role !== "assistant" || chosen.status === "streaming"} onPress={() => chosen && void fork(chosen)}>
          <GitFork aria-hidden size={16} />
          {t("fork")}
        </Button>
        <Button isDisabled={!chosen} onPress={() => chosen && go(chosen)}>
          <CornerDownRight aria-hidden size={16} />
          {t("tree.go")}
        </Button>
      </Modal.Footer>
    </>
  );
}
