import { useTranslation } from "react-i18next";
import { api, take } from "@/api/client";
import { LinkGate } from "./parts/LinkGate";
import { NewAccountForm } from "./parts/NewAccountForm";
import { useEnter } from "./useEnter";

/** The first administrator's account, behind the link that the server printed at its start. */
export function SetupPage() {
  const { t } = useTranslation("account");
  const enter = useEnter();
  return (
    <LinkGate kind="setup" title={t("setupTitle")} text={t("setupText")}>
      {({ token, email }) => (
        <NewAccountForm
          email={email}
          create={(account) => take(api.POST("/api/auth/setup", { body: { token, ...account } }))}
          onCreated={enter}
          submitLabel={t("createAccount")}
        />
      )}
    </LinkGate>
  );
}
