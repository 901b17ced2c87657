import { useTranslation } from "react-i18next";
import { api, take } from "@/api/client";
import { LinkGate } from "./parts/LinkGate";
import { NewAccountForm } from "./parts/NewAccountForm";
import { useEnter } from "./useEnter";

/** A new account behind an administrator's invitation. */
export function InvitePage() {
  const { t } = useTranslation("account");
  const enter = useEnter();
  return (
    <LinkGate kind="invite" title={t("inviteTitle")} text={t("inviteText")}>
      {({ token, email }) => (
        <NewAccountForm
          email={email}
          create={(account) => take(api.POST("/api/auth/register", { body: { invite: token, ...account } }))}
          onCreated={enter}
          submitLabel={t("createAccount")}
        />
      )}
    </LinkGate>
  );
}
