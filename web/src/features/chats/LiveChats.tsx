import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { useAsked } from "./asked";
import { useExportCommands } from "./exporting";
import { followEvents } from "./live";

const Dialogs = lazy(() => import("./dialogs/Dialogs"));

/** What of the chats is there on every page: the ear for news of them, and their dialogs. */
export function LiveChats() {
  const client = useQueryClient();
  const isAsked = useAsked(({ asked }) => asked !== null);
  useEffect(() => followEvents(client), [client]);
  useExportCommands();
  return <Suspense>{isAsked ? <Dialogs /> : null}</Suspense>;
}
