import { Button } from "@heroui/react";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types";
import { siblings } from "@/features/chats/thread";

/** `< 2/3 >`: the other messages that stand in the same place. */
export function SiblingArrows({ message, onShow }: { message: Message; onShow: (id: string) => void }) {
  const { t } = useTranslation("chats");
  const place = siblings(message);
  if (place === null) return null;
  const { at, of, previous, next } = place;
  return (
    <div role="group" aria-label={t("siblings", { at: at + 1, of })} className="flex items-center text-sm text-muted">
      <Button isIconOnly variant="ghost" size="sm" aria-label={t("previousAnswer")} isDisabled={!previous} onPress={() => previous && onShow(previous)}>
        <ChevronLeft aria-hidden size={16} />
      </Button>
      <span aria-hidden>
        {at + 1}/{of}
      </span>
      <Button isIconOnly variant="ghost" size="sm" aria-label={t("nextAnswer")} isDisabled={!next} onPress={() => next && onShow(next)}>
        <ChevronRight aria-hidden size={16} />
      </Button>
    </div>
  );
}
