import { Button, Popover } from "@heroui/react";
import { Info } from "lucide-react";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types";

const AnswerDetails = lazy(() => import("./AnswerDetails"));

/** Opens what an answer took. */
export function DetailsButton({ message }: { message: Message }) {
  const { t } = useTranslation("chats");
  return (
    <Popover>
      <Button isIconOnly variant="ghost" size="sm" aria-label={t("details.open")} className="text-muted">
        <Info aria-hidden size={15} />
      </Button>
      <Popover.Content placement="top start" className="w-[min(22rem,calc(100vw-1.5rem))]">
        <Popover.Dialog className="max-h-[min(34rem,75dvh)] overflow-y-auto p-4" aria-label={t("details.title")}>
          <Suspense fallback={<div className="h-48" />}>
            <AnswerDetails message={message} />
          </Suspense>
        </Popover.Dialog>
      </Popover.Content>
    </Popover>
  );
}
