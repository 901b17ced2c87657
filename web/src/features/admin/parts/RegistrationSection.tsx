import { Description, Label, Radio, RadioGroup, Skeleton } from "@heroui/react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, take } from "@/api/client";
import { instanceQuery } from "@/api/session";
import type { Registration } from "@/api/types";
import { ErrorState } from "@/ui/ErrorState";
import { notify } from "@/ui/notify";
import { problemText } from "@/ui/problemText";
import { SettingsSection } from "@/ui/SettingsSection";
import { settingsQuery } from "../queries";

const choices = ["open", "invite", "closed"] as const satisfies Registration[];

/** Who may make an account here; a choice holds at once. */
export function RegistrationSection() {
  const { t } = useTranslation("admin");
  const settings = useQuery(settingsQuery);
  return (
    <SettingsSection title={t("registration")} text={t("registrationText")}>
      {settings.isPending ? <Skeleton className="h-32 w-full rounded-lg" /> : null}
      {settings.isError ? <ErrorState title={t("registration")} error={settings.error} onRetry={() => void settings.refetch()} /> : null}
      {settings.data ? <RegistrationChoice value={settings.data.registration} /> : null}
    </SettingsSection>
  );
}

function RegistrationChoice({ value }: { value: Registration }) {
  const { t } = useTranslation("admin");
  const queryClient = useQueryClient();
  const change = useMutation({
    mutationFn: (registration: Registration) => take(api.PATCH("/api/admin/settings", { body: { registration } })),
    onSuccess: (settings) => {
      queryClient.setQueryData(settingsQuery.queryKey, settings);
      void queryClient.invalidateQueries({ queryKey: instanceQuery.queryKey });
      notify.done(t("saved"));
    },
    onError: (error) => notify.failed(problemText(error)),
  });
  const choose = (key: string) => {
    const choice = choices.find((candidate) => candidate === key);
    if (choice && choice !== value) change.mutate(choice);
  };
  return (
    <RadioGroup aria-label={t("registration")} value={change.isPending ? change.variables : value} onChange={choose} className="gap-4">
      {choices.map((choice) => (
        <Radio key={choice} value={choice} className="mt-0">
          <Radio.Content>
            <Radio.Control>
              <Radio.Indicator />
            </Radio.Control>
            <Label>{t(`choices.${choice}.label`)}</Label>
          </Radio.Content>
          <Description>{t(`choices.${choice}.text`)}</Description>
        </Radio>
      ))}
    </RadioGroup>
  );
}
