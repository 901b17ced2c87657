import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Bell, CheckCheck } from "lucide-react";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useConnected } from "@/realtime/realtime";
import { type Command, useCommands } from "@/ui/commands";
import { announce } from "./announce";
import { latestQuery, markRead } from "./queries";

/** How often news are asked for where no socket brings them. */
const askMs = 60_000;

/** What of the notifications is there on every page: the ear for them, and their commands. */
export function LiveNotifications() {
  const { t } = useTranslation("notifications");
  const client = useQueryClient();
  const router = useRouter();
  useQuery({ ...latestQuery, refetchInterval: useConnected() ? false : askMs });
  useEffect(() => announce(client, (path) => router.history.push(path)), [client, router]);
  useCommands(
    useMemo(
      (): Command[] => [
        { id: "go.notifications", title: t("go"), group: "go", icon: Bell, keys: "g n", words: "bell news soochna", run: () => void router.navigate({ to: "/notifications" }) },
        { id: "notifications.readAll", title: t("readAllCommand"), group: "account", icon: CheckCheck, words: "clear unread", run: () => void markRead(client, null) },
      ],
      [t, client, router],
    ),
  );
  return null;
}
