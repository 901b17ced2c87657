import { useMutation, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, idempotent, take } from "@/api/client";
import { newId } from "@/api/ids";
import type { Invite } from "@/api/types";
import { formatDateTime } from "@/i18n/format";
import { CopyField } from "@/ui/CopyField";
import { applyProblem, useZodForm, z } from "@/ui/form";
import { FormAlert } from "@/ui/FormAlert";
import { SettingsSection } from "@/ui/SettingsSection";
import { SubmitButton } from "@/ui/SubmitButton";
import { TextInput } from "@/ui/TextInput";
import { settingsQuery } from "../queries";

const schema = z.object({ email: z.union([z.literal(""), z.string().trim().pipe(z.email())], "email_format") });

/** Makes a link that lets one person make an account. */
export function InviteSection() {
  const { t } = useTranslation("admin");
  const isClosed = useQuery(settingsQuery).data?.registration === "closed";
  const form = useZodForm(schema, { email: "" });
  const [alert, setAlert] = useState<string | null>(null);
  // One key until the server has answered: a repeated press after a lost answer makes no second link.
  const key = useRef(newId());
  const creation = useMutation({
    mutationFn: (email: string) =>
      take(api.POST("/api/admin/invites", { body: email === "" ? {} : { email }, headers: idempotent(key.current) })),
    onSuccess: () => form.reset(),
    onError: (error) => setAlert(applyProblem(form, ["email"], error)),
    onSettled: (_, error) => {
      if (error?.status !== 0) key.current = newId();
    },
  });
  const submit = form.handleSubmit(({ email }) => {
    setAlert(null);
    creation.mutate(email);
  });
  return (
    <SettingsSection title={t("invites")} text={t("invitesText")}>
      <form noValidate className="flex flex-col gap-5" onSubmit={(event) => void submit(event)}>
        <FormAlert text={alert} />
        <TextInput control={form.control} name="email" type="email" autoComplete="off" label={t("email")} description={t("emailOptional")} />
        {isClosed ? <p className="text-sm">{t("invitesClosed")}</p> : null}
        <SubmitButton className="self-start" isPending={creation.isPending} isDisabled={isClosed}>
          {t("makeInvite")}
        </SubmitButton>
      </form>
      <div aria-live="polite">{creation.data ? <NewLink invite={creation.data} /> : null}</div>
    </SettingsSection>
  );
}

function NewLink({ invite }: { invite: Invite }) {
  const { t } = useTranslation("admin");
  const time = formatDateTime(invite.expiresAt);
  return (
    <div className="mt-6 flex flex-col gap-2">
      <CopyField label={t("newLink")} value={invite.link} copyLabel={t("copyLink")} />
      <p className="text-xs text-muted">
        {invite.email ? t("inviteFor", { email: invite.email, time }) : t("inviteForAny", { time })}. {t("linkOnce")}
      </p>
    </div>
  );
}
