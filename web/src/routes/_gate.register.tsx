import { createFileRoute } from "@tanstack/react-router";
import { safeNext } from "@/features/account/next";
import { RegisterPage } from "@/features/account/RegisterPage";

export const Route = createFileRoute("/_gate/register")({
  validateSearch: (search): { next?: string } => {
    const next = safeNext(search["next"]);
    return next === undefined ? {} : { next };
  },
  component: Register,
});

function Register() {
  return <RegisterPage next={Route.useSearch().next} />;
}
