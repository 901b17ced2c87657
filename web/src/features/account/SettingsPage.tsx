import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { SettingsLayout } from "@/ui/SettingsSection";
import { usePageTitle } from "@/ui/usePageTitle";
import { DeleteSection } from "./parts/DeleteSection";
import { PasswordSection } from "./parts/PasswordSection";
import { PreferencesSection } from "./parts/PreferencesSection";
import { ProfileSection } from "./parts/ProfileSection";
import { SessionsSection } from "./parts/SessionsSection";

/** What a route lends to the preferences: features do not import each other. */
export type ModelPickerSlot = (props: { value: string | null; onChange: (id: string) => void }) => ReactNode;

/** Everything about one's own account. */
export function SettingsPage({ modelPicker }: { modelPicker: ModelPickerSlot }) {
  const { t } = useTranslation("account");
  usePageTitle(t("settings"));
  return (
    <SettingsLayout title={t("settings")}>
      <ProfileSection />
      <PreferencesSection modelPicker={modelPicker} />
      <PasswordSection />
      <SessionsSection />
      <DeleteSection />
    </SettingsLayout>
  );
}
