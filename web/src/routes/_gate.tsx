import { createFileRoute } from "@tanstack/react-router";
import { GateLayout } from "@/features/account/GateLayout";

export const Route = createFileRoute("/_gate")({ component: GateLayout });
