import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { User } from "@/api/types";
import { applyProblem, useZodForm } from "@/ui/form";
import { FormAlert } from "@/ui/FormAlert";
import { SubmitButton } from "@/ui/SubmitButton";
import { TextInput } from "@/ui/TextInput";
import { registerSchema } from "../schemas";
import { NewPassword } from "./PasswordStrength";

/** What a new account is made of. */
export interface NewAccount {
  name: string;
  email: string;
  password: string;
}

interface NewAccountFormProps {
  create: (account: NewAccount) => Promise<{ user: User }>;
  onCreated: (user: User) => void;
  /** An address that the link fixes. */
  email?: string | null;
  submitLabel: string;
}

/** Name, e-mail and password: to register, to accept an invitation, to set the server up. */
export function NewAccountForm({ create, onCreated, email, submitLabel }: NewAccountFormProps) {
  const { t } = useTranslation("account");
  const form = useZodForm(registerSchema, { name: "", email: email ?? "", password: "" });
  const [alert, setAlert] = useState<string | null>(null);
  const creation = useMutation({
    mutationFn: create,
    onSuccess: ({ user }) => onCreated(user),
    onError: (error) => setAlert(applyProblem(form, ["name", "email", "password"], error)),
  });
  const submit = form.handleSubmit((values) => {
    setAlert(null);
    creation.mutate(values);
  });
  return (
    <form noValidate className="flex flex-col gap-5" onSubmit={(event) => void submit(event)}>
      <FormAlert text={alert} />
      <TextInput control={form.control} name="name" autoComplete="name" label={t("name")} autoFocus />
      <TextInput control={form.control} name="email" type="email" autoComplete="username" label={t("email")} isReadOnly={Boolean(email)} />
      <NewPassword control={form.control} name="password" label={t("password")} />
      <SubmitButton fullWidth size="lg" isPending={creation.isPending}>
        {submitLabel}
      </SubmitButton>
    </form>
  );
}
