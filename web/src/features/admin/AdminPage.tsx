import { useTranslation } from "react-i18next";
import { SettingsLayout } from "@/ui/SettingsSection";
import { usePageTitle } from "@/ui/usePageTitle";
import { InviteSection } from "./parts/InviteSection";
import { NoticeSection } from "./parts/NoticeSection";
import { RegistrationSection } from "./parts/RegistrationSection";

/** What an administrator may change while the server runs. */
export function AdminPage() {
  const { t } = useTranslation("admin");
  usePageTitle(t("title"));
  return (
    <SettingsLayout title={t("title")}>
      <RegistrationSection />
      <InviteSection />
      <NoticeSection />
    </SettingsLayout>
  );
}
