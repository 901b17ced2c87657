import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, take } from "@/api/client";
import { useInstance } from "@/api/session";
import { applyProblem, useZodForm } from "@/ui/form";
import { FormAlert } from "@/ui/FormAlert";
import { PasswordInput } from "@/ui/PasswordInput";
import { SubmitButton } from "@/ui/SubmitButton";
import { TextInput } from "@/ui/TextInput";
import { GateHeading } from "./parts/GateHeading";
import { signInSchema } from "./schemas";
import { useEnter } from "./useEnter";
import { useWait } from "./useWait";

/** E-mail and password, for those who have an account. */
export function SignInPage({ next }: { next?: string }) {
  const { t } = useTranslation("account");
  const enter = useEnter(next);
  const form = useZodForm(signInSchema, { email: "", password: "" });
  const [alert, setAlert] = useState<string | null>(null);
  const wait = useWait();
  const signIn = useMutation({
    mutationFn: (body: { email: string; password: string }) => take(api.POST("/api/auth/login", { body })),
    onSuccess: ({ user }) => enter(user),
    onError: (error) => {
      setAlert(applyProblem(form, ["email", "password"], error));
      if (error.status === 429) wait.start(error.retryAfterMs);
      if (error.status === 401) form.setFocus("password", { shouldSelect: true });
    },
  });
  const submit = form.handleSubmit((values) => {
    setAlert(null);
    signIn.mutate(values);
  });
  return (
    <>
      <GateHeading title={t("signInTitle")}>{t("signInText")}</GateHeading>
      <form noValidate className="flex flex-col gap-5" onSubmit={(event) => void submit(event)}>
        <FormAlert text={alert}>
          {wait.seconds > 0 ? <p>{t("waitSeconds", { count: wait.seconds })}</p> : null}
        </FormAlert>
        <TextInput control={form.control} name="email" type="email" autoComplete="username" label={t("email")} autoFocus />
        <PasswordInput control={form.control} name="password" autoComplete="current-password" label={t("password")} />
        <SubmitButton fullWidth size="lg" isPending={signIn.isPending} isDisabled={wait.seconds > 0}>
          {t("signIn")}
        </SubmitButton>
      </form>
      <SignInHelp next={next} />
    </>
  );
}

function SignInHelp({ next }: { next?: string }) {
  const { t } = useTranslation("account");
  const instance = useInstance();
  return (
    <div className="mt-7 flex flex-col gap-3 text-sm text-muted">
      {instance?.needsSetup ? <p className="border-s-2 border-marigold ps-3 text-foreground">{t("needsSetup")}</p> : null}
      {instance?.registration === "open" ? (
        <p>
          {t("newHere")}{" "}
          <Link to="/register" search={{ next }} className="font-medium text-link underline underline-offset-4">
            {t("createAccount")}
          </Link>
        </p>
      ) : null}
      {instance?.registration === "invite" ? <p>{t("inviteOnly")}</p> : null}
      {instance?.registration === "closed" && !instance.needsSetup ? <p>{t("closed")}</p> : null}
      <p>{t("forgot")}</p>
    </div>
  );
}
