import { AlertDialog, Button } from "@heroui/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "@/api/client";
import { leave, useMe } from "@/api/session";
import { applyProblem, useZodForm } from "@/ui/form";
import { FormAlert } from "@/ui/FormAlert";
import { PasswordInput } from "@/ui/PasswordInput";
import { SettingsSection } from "@/ui/SettingsSection";
import { SubmitButton } from "@/ui/SubmitButton";
import { deleteSchema } from "../schemas";

/** The end of an account, behind a question and the password. */
export function DeleteSection() {
  const { t } = useTranslation("account");
  const [isOpen, setOpen] = useState(false);
  return (
    <SettingsSection title={t("deleteAccount")} text={t("deleteAccountText")}>
      <Button variant="danger-soft" onPress={() => setOpen(true)}>
        {t("deleteAccount")}
      </Button>
      <AlertDialog.Backdrop isOpen={isOpen} onOpenChange={setOpen}>
        <AlertDialog.Container>
          <AlertDialog.Dialog className="sm:max-w-md">
            <DeleteForm onCancel={() => setOpen(false)} />
          </AlertDialog.Dialog>
        </AlertDialog.Container>
      </AlertDialog.Backdrop>
    </SettingsSection>
  );
}

function DeleteForm({ onCancel }: { onCancel: () => void }) {
  const { t } = useTranslation("account");
  const { email } = useMe();
  const queryClient = useQueryClient();
  const router = useRouter();
  const form = useZodForm(deleteSchema, { password: "" });
  const [alert, setAlert] = useState<string | null>(null);
  const deletion = useMutation({
    mutationFn: (password: string) => api.DELETE("/api/auth/me", { body: { password } }),
    onSuccess: async () => {
      leave(queryClient);
      await router.navigate({ to: "/sign-in" });
    },
    onError: (error) => setAlert(applyProblem(form, ["password"], error)),
  });
  const submit = form.handleSubmit(({ password }) => {
    setAlert(null);
    deletion.mutate(password);
  });
  return (
    <form noValidate onSubmit={(event) => void submit(event)}>
      <AlertDialog.Header>
        <AlertDialog.Heading className="text-lg font-semibold">{t("deleteAccountConfirm", { email })}</AlertDialog.Heading>
      </AlertDialog.Header>
      <AlertDialog.Body className="mt-2 flex flex-col gap-5">
        <p>{t("deleteAccountText")}</p>
        <FormAlert text={alert} />
        <PasswordInput control={form.control} name="password" autoComplete="current-password" label={t("password")} autoFocus />
      </AlertDialog.Body>
      <AlertDialog.Footer className="mt-6">
        <Button variant="tertiary" onPress={onCancel}>
          {t("cancel", { ns: "common" })}
        </Button>
        <SubmitButton variant="danger" isPending={deletion.isPending}>
          {t("confirmDelete")}
        </SubmitButton>
      </AlertDialog.Footer>
    </form>
  );
}
