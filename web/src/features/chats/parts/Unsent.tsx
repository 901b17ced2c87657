import { Button } from "@heroui/react";
import { useQueryClient } from "@tanstack/react-query";
import { CircleAlert } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Outgoing } from "@/features/chats/outbox";
import { deliver } from "@/features/chats/send";

/** Why a question is not at the server yet, and the two ways on. */
export function Unsent({ item, onTakeBack }: { item: Outgoing; onTakeBack: (item: Outgoing) => void }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  return (
    <div role="alert" className="mt-2 flex flex-col items-end gap-1.5">
      <p className="flex items-start gap-2 text-sm">
        <CircleAlert aria-hidden size={16} className="mt-1 shrink-0 text-danger" />
        <span>
          <span className="font-medium text-danger">{t("notSent")}.</span>{" "}
          {item.code === "unconfirmed" ? t("errors.unconfirmed") : item.detail}
        </span>
      </p>
      <div className="flex flex-wrap justify-end gap-2">
        <Button size="sm" variant="ghost" onPress={() => onTakeBack(item)}>
          {t("discard")}
        </Button>
        <Button size="sm" onPress={() => void deliver(client, item)}>
          {t("sendAgain")}
        </Button>
      </div>
    </div>
  );
}
