import { createFileRoute } from "@tanstack/react-router";
import { SetupPage } from "@/features/account/SetupPage";

export const Route = createFileRoute("/_gate/setup")({ component: SetupPage });
