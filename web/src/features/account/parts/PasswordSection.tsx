import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, take } from "@/api/client";
import { useMe } from "@/api/session";
import { applyProblem, useZodForm } from "@/ui/form";
import { FormAlert } from "@/ui/FormAlert";
import { notify } from "@/ui/notify";
import { PasswordInput } from "@/ui/PasswordInput";
import { SettingsSection } from "@/ui/SettingsSection";
import { SubmitButton } from "@/ui/SubmitButton";
import { passwordSchema } from "../schemas";
import { NewPassword } from "./PasswordStrength";

/** A new password, confirmed with the old one. */
export function PasswordSection() {
  const { t } = useTranslation("account");
  const { email } = useMe();
  const form = useZodForm(passwordSchema, { currentPassword: "", newPassword: "" });
  const [alert, setAlert] = useState<string | null>(null);
  const change = useMutation({
    mutationFn: (body: { currentPassword: string; newPassword: string }) => take(api.POST("/api/auth/password", { body })),
    onSuccess: () => {
      form.reset();
      notify.done(t("passwordChanged"));
    },
    onError: (error) => setAlert(applyProblem(form, ["currentPassword", "newPassword"], error)),
  });
  const submit = form.handleSubmit((values) => {
    setAlert(null);
    change.mutate(values);
  });
  return (
    <SettingsSection title={t("password")} text={t("passwordsText")}>
      <form noValidate className="flex flex-col gap-5" onSubmit={(event) => void submit(event)}>
        <FormAlert text={alert} />
        {/* Password managers file the new password under this name. */}
        <input type="email" autoComplete="username" value={email} readOnly hidden />
        <PasswordInput control={form.control} name="currentPassword" autoComplete="current-password" label={t("currentPassword")} />
        <NewPassword control={form.control} name="newPassword" label={t("newPassword")} />
        <SubmitButton className="self-start" isPending={change.isPending}>
          {t("changePassword")}
        </SubmitButton>
      </form>
    </SettingsSection>
  );
}
