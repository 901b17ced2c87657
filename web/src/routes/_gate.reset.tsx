import { createFileRoute } from "@tanstack/react-router";
import { ResetPage } from "@/features/account/ResetPage";

export const Route = createFileRoute("/_gate/reset")({ component: ResetPage });
