import { useState } from "react";
import { useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/session";
import { applyProblem, useZodForm } from "@/ui/form";
import { FormAlert } from "@/ui/FormAlert";
import { notify } from "@/ui/notify";
import { PasswordInput } from "@/ui/PasswordInput";
import { SettingsSection } from "@/ui/SettingsSection";
import { SubmitButton } from "@/ui/SubmitButton";
import { TextInput } from "@/ui/TextInput";
import { type MeChange, useUpdateMe } from "../queries";
import { profileSchema } from "../schemas";

/** Name and e-mail; a new e-mail is confirmed with the password. */
export function ProfileSection() {
  const { t } = useTranslation("account");
  const me = useMe();
  const form = useZodForm(profileSchema(me.email), { name: me.name, email: me.email, currentPassword: "" });
  const [alert, setAlert] = useState<string | null>(null);
  const update = useUpdateMe();
  const email = useWatch({ control: form.control, name: "email" });
  const asksPassword = email.trim() !== me.email;
  const submit = form.handleSubmit((values) => {
    setAlert(null);
    const change: MeChange = { name: values.name };
    if (values.email !== me.email) Object.assign(change, { email: values.email, currentPassword: values.currentPassword });
    update.mutate(change, {
      onSuccess: (user) => {
        form.reset({ name: user.name, email: user.email, currentPassword: "" });
        notify.done(t("saved", { ns: "common" }));
      },
      onError: (error) => setAlert(applyProblem(form, ["name", "email", "currentPassword"], error)),
    });
  });
  return (
    <SettingsSection title={t("profile")} text={t("profileText")}>
      <form noValidate className="flex flex-col gap-5" onSubmit={(event) => void submit(event)}>
        <FormAlert text={alert} />
        <TextInput control={form.control} name="name" autoComplete="name" label={t("name")} />
        <TextInput control={form.control} name="email" type="email" autoComplete="username" label={t("email")} />
        {asksPassword ? (
          <PasswordInput
            control={form.control}
            name="currentPassword"
            autoComplete="current-password"
            label={t("currentPassword")}
            description={t("currentPasswordForEmail")}
          />
        ) : null}
        <SubmitButton className="self-start" isPending={update.isPending} isDisabled={!form.formState.isDirty}>
          {t("save", { ns: "common" })}
        </SubmitButton>
      </form>
    </SettingsSection>
  );
}
