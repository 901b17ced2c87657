import { Button, Popover } from "@heroui/react";
import { useQueryClient } from "@tanstack/react-query";
import { ThumbsDown, ThumbsUp } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types";
import { type Opinion, rate } from "@/features/chats/votes";

const ReasonForm = lazy(() => import("./ReasonForm"));

/** Thumbs for an answer; a reason can be added. */
export function Thumbs({ message }: { message: Message }) {
  return (
    <>
      <Thumb message={message} opinion="up" />
      <Thumb message={message} opinion="down" />
    </>
  );
}

function Thumb({ message, opinion }: { message: Message; opinion: Opinion }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const [isAsking, setAsking] = useState(false);
  const isGiven = message.vote?.vote === opinion;
  const Icon = opinion === "up" ? ThumbsUp : ThumbsDown;
  const toggle = (isOpen: boolean) => {
    if (isOpen) void rate(client, message, isGiven ? null : opinion);
    setAsking(isOpen && !isGiven);
  };
  return (
    <Popover isOpen={isAsking} onOpenChange={toggle}>
      <Button isIconOnly variant="ghost" size="sm" aria-label={t(`vote.${opinion}`)} aria-pressed={isGiven} className={isGiven ? "text-accent" : "text-muted"}>
        <Icon aria-hidden size={15} fill={isGiven ? "currentColor" : "none"} fillOpacity={0.25} />
      </Button>
      <Popover.Content placement="top start" className="w-[min(21rem,calc(100vw-1.5rem))]">
        <Popover.Dialog className="p-4" aria-label={t("vote.reasonTitle")}>
          <Suspense fallback={<div className="h-36" />}>
            {isAsking ? <ReasonForm message={message} opinion={opinion} onClose={() => setAsking(false)} /> : null}
          </Suspense>
        </Popover.Dialog>
      </Popover.Content>
    </Popover>
  );
}
