import { useTranslation } from "react-i18next";
import { useMe } from "@/api/session";
import type { Params } from "@/api/types";
import { notify } from "@/ui/notify";
import { problemText } from "@/ui/problemText";
import { SettingsSection } from "@/ui/SettingsSection";
import { useUpdateMe } from "../queries";
import type { ParamsFormSlot } from "../SettingsPage";

/** What new chats begin with; kept with the account. */
export function ParamsSection({ paramsForm }: { paramsForm: ParamsFormSlot }) {
  const { t } = useTranslation("account");
  const { defaultParams } = useMe();
  const update = useUpdateMe();
  const save = (params: Params) =>
    update.mutate(
      { defaultParams: params },
      {
        onSuccess: () => notify.done(t("saved", { ns: "common" })),
        onError: (error) => notify.failed(problemText(error)),
      },
    );
  return (
    <SettingsSection title={t("newChats")} text={t("newChatsText")}>
      {paramsForm({ params: defaultParams, isSaving: update.isPending, onSave: save })}
    </SettingsSection>
  );
}
