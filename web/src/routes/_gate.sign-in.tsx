import { createFileRoute } from "@tanstack/react-router";
import { safeNext } from "@/features/account/next";
import { SignInPage } from "@/features/account/SignInPage";

export const Route = createFileRoute("/_gate/sign-in")({
  validateSearch: (search): { next?: string } => {
    const next = safeNext(search["next"]);
    return next === undefined ? {} : { next };
  },
  component: SignIn,
});

function SignIn() {
  return <SignInPage next={Route.useSearch().next} />;
}
