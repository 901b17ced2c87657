import { createFileRoute } from "@tanstack/react-router";
import { InvitePage } from "@/features/account/InvitePage";

export const Route = createFileRoute("/_gate/invite")({ component: InvitePage });
