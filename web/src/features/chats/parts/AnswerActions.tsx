import { Button, Popover } from "@heroui/react";
import { useQueryClient } from "@tanstack/react-query";
import { Columns2, RefreshCw } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Comparison, Message } from "@/api/types";
import { retryAnswer } from "@/features/chats/actions";
import { showBranch } from "@/features/chats/branching";
import { openColumns } from "@/features/chats/rows";
import { CopyButton } from "@/ui/CopyButton";
import { DetailsButton } from "./DetailsButton";
import { MessageMenu } from "./MessageMenu";
import { SiblingArrows } from "./SiblingArrows";
import { Thumbs } from "./Thumbs";

const ModelList = lazy(() => import("@/features/models/ModelList"));

/** What can be done with an answer; always in view below the last one. */
export default function AnswerActions({ message, isLast, compared }: { message: Message; isLast: boolean; compared?: Comparison }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const quiet = isLast ? "" : "opacity-0 transition-opacity duration-100 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100";
  return (
    <div className={`-ms-2 mt-2 flex min-h-9 flex-wrap items-center gap-0.5 ${quiet}`}>
      <SiblingArrows message={message} onShow={(id) => void showBranch(client, message.chatId, id)} />
      {message.content === "" ? null : <CopyButton text={() => message.content} label={t("copyAnswer")} className="text-muted" />}
      <RetryMenu message={message} />
      <Thumbs message={message} />
      <DetailsButton message={message} />
      <MessageMenu message={message} />
      {compared ? (
        <Button size="sm" variant="ghost" className="gap-1.5 text-muted" onPress={() => openColumns(compared.id, true)}>
          <Columns2 aria-hidden size={15} />
          {t("compare.show", { count: compared.messages.length })}
        </Button>
      ) : null}
    </div>
  );
}

function RetryMenu({ message }: { message: Message }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const [isOpen, setOpen] = useState(false);
  const retry = (model?: string) => {
    setOpen(false);
    void retryAnswer(client, message, model);
  };
  return (
    <Popover isOpen={isOpen} onOpenChange={setOpen}>
      <Button isIconOnly variant="ghost" size="sm" aria-label={t("retryMenu")} className="text-muted">
        <RefreshCw aria-hidden size={15} />
      </Button>
      <Popover.Content placement="top start" className="w-[min(27rem,calc(100vw-1.5rem))]">
        <Popover.Dialog className="p-0" aria-label={t("retryMenu")}>
          <div className="border-b border-border p-1.5">
            <Button variant="ghost" fullWidth className="justify-start gap-2.5 px-2.5" onPress={() => retry()}>
              <RefreshCw aria-hidden size={15} />
              {t("sameModel")}
            </Button>
          </div>
          <Suspense fallback={<div className="h-72" />}>
            <ModelList value={message.modelUsed ?? message.modelAsked} onChoose={retry} />
          </Suspense>
        </Popover.Dialog>
      </Popover.Content>
    </Popover>
  );
}
