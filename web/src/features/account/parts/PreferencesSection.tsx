import { Button, Switch } from "@heroui/react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/session";
import { notify } from "@/ui/notify";
import { usePrefs } from "@/ui/prefs";
import { problemText } from "@/ui/problemText";
import { SettingsSection } from "@/ui/SettingsSection";
import { useUpdateMe } from "../queries";
import type { ModelPickerSlot } from "../SettingsPage";
import { LookSwitches } from "./LookSwitches";

/** The default model (kept with the account), and language, appearance and keys (kept on the device). */
export function PreferencesSection({ modelPicker }: { modelPicker: ModelPickerSlot }) {
  const { t } = useTranslation("account");
  return (
    <SettingsSection title={t("preferences")}>
      <div className="flex flex-col gap-7">
        <DefaultModel modelPicker={modelPicker} />
        <LookSwitches />
        <SingleKeys />
      </div>
    </SettingsSection>
  );
}

function DefaultModel({ modelPicker }: { modelPicker: ModelPickerSlot }) {
  const { t } = useTranslation("account");
  const { defaultModel } = useMe();
  const update = useUpdateMe();
  const choose = (id: string | null) =>
    update.mutate(
      { defaultModel: id },
      {
        onSuccess: () => notify.done(t("saved", { ns: "common" })),
        onError: (error) => notify.failed(problemText(error)),
      },
    );
  return (
    <div className="flex flex-col items-start gap-1.5">
      <h3 className="font-sans text-sm font-medium tracking-normal">{t("defaultModel")}</h3>
      {modelPicker({ value: defaultModel ?? null, onChange: choose })}
      <p className="text-xs text-muted">{t("defaultModelText")}</p>
      {defaultModel ? (
        <Button size="sm" variant="ghost" className="-ms-3" onPress={() => choose(null)}>
          {t("defaultModelClear")}
        </Button>
      ) : null}
    </div>
  );
}

function SingleKeys() {
  const { t } = useTranslation("shell");
  const { singleKeys, setSingleKeys } = usePrefs();
  return (
    <Switch isSelected={singleKeys} onChange={setSingleKeys}>
      <Switch.Content>
        <Switch.Control>
          <Switch.Thumb />
        </Switch.Control>
        <span>
          <span className="block">{t("singleKeys")}</span>
          <span className="block font-normal text-muted">{t("singleKeysText")}</span>
        </span>
      </Switch.Content>
    </Switch>
  );
}
