import { Button } from "@heroui/react";
import { useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Hourglass } from "lucide-react";
import { useTranslation } from "react-i18next";
import { deleteChat } from "@/features/chats/actions";

/** Whether the next chat is one that nothing is kept of. */
export function TemporaryToggle({ isOn, onChange }: { isOn: boolean; onChange: (isOn: boolean) => void }) {
  const { t } = useTranslation("chats");
  return (
    <Button size="sm" variant="ghost" aria-pressed={isOn} className={`ms-auto gap-1.5 ${isOn ? "bg-accent-soft text-accent" : "text-muted"}`} onPress={() => onChange(!isOn)}>
      <Hourglass aria-hidden size={15} />
      {t("temporary.toggle")}
    </Button>
  );
}

/** Says that nothing of the open chat is kept, and ends it. */
export function TemporaryBar({ chatId }: { chatId: string }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const router = useRouter();
  const end = async () => {
    if (await deleteChat(client, chatId)) await router.navigate({ to: "/" });
  };
  return (
    <p className="flex min-w-0 items-center gap-1.5 text-sm text-muted">
      <Hourglass aria-hidden size={15} className="shrink-0 text-accent" />
      <span className="truncate">{t("temporary.kept")}</span>
      <Button size="sm" variant="ghost" onPress={() => void end()}>
        {t("temporary.end")}
      </Button>
    </p>
  );
}
