import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, take } from "@/api/client";
import { applyProblem, useZodForm } from "@/ui/form";
import { FormAlert } from "@/ui/FormAlert";
import { SubmitButton } from "@/ui/SubmitButton";
import { LinkGate } from "./parts/LinkGate";
import { NewPassword } from "./parts/PasswordStrength";
import { resetSchema } from "./schemas";
import { useEnter } from "./useEnter";

/** A new password behind the link that lets a locked-out person back in. */
export function ResetPage() {
  const { t } = useTranslation("account");
  return (
    <LinkGate kind="reset" title={t("resetTitle")} text={t("resetText")}>
      {({ token, email }) => <ResetForm token={token} email={email} />}
    </LinkGate>
  );
}

function ResetForm({ token, email }: { token: string; email: string | null }) {
  const { t } = useTranslation("account");
  const enter = useEnter();
  const form = useZodForm(resetSchema, { password: "" });
  const [alert, setAlert] = useState<string | null>(null);
  const reset = useMutation({
    mutationFn: (password: string) => take(api.POST("/api/auth/reset", { body: { token, password } })),
    onSuccess: ({ user }) => enter(user),
    onError: (error) => setAlert(applyProblem(form, ["password"], error)),
  });
  const submit = form.handleSubmit(({ password }) => {
    setAlert(null);
    reset.mutate(password);
  });
  return (
    <form noValidate className="flex flex-col gap-5" onSubmit={(event) => void submit(event)}>
      <FormAlert text={alert} />
      {/* Password managers file the new password under this name. */}
      <input type="email" autoComplete="username" defaultValue={email ?? ""} readOnly hidden />
      <NewPassword control={form.control} name="password" label={t("newPassword")} />
      <SubmitButton fullWidth size="lg" isPending={reset.isPending}>
        {t("setPassword")}
      </SubmitButton>
    </form>
  );
}
