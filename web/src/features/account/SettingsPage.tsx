import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Params } from "@/api/types";
import { SettingsLayout } from "@/ui/SettingsSection";
import { usePageTitle } from "@/ui/usePageTitle";
import { DeleteSection } from "./parts/DeleteSection";
import { ParamsSection } from "./parts/ParamsSection";
import { PasswordSection } from "./parts/PasswordSection";
import { PreferencesSection } from "./parts/PreferencesSection";
import { ProfileSection } from "./parts/ProfileSection";
import { SessionsSection } from "./parts/SessionsSection";

/** What a route lends to the preferences: features do not import each other. */
export type ModelPickerSlot = (props: { value: string | null; onChange: (id: string) => void }) => ReactNode;

/** The form of what new chats begin with. */
export type ParamsFormSlot = (props: { params: Params; isSaving: boolean; onSave: (params: Params) => void }) => ReactNode;

interface SettingsPageProps {
  modelPicker: ModelPickerSlot;
  paramsForm: ParamsFormSlot;
  /** Sections of other features. */
  children?: ReactNode;
}

/** Everything about one's own account. */
export function SettingsPage({ modelPicker, paramsForm, children }: SettingsPageProps) {
  const { t } = useTranslation("account");
  usePageTitle(t("settings"));
  return (
    <SettingsLayout title={t("settings")}>
      <ProfileSection />
      <PreferencesSection modelPicker={modelPicker} />
      <ParamsSection paramsForm={paramsForm} />
      {children}
      <PasswordSection />
      <SessionsSection />
      <DeleteSection />
    </SettingsLayout>
  );
}
