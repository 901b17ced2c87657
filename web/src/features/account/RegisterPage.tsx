import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { api, take } from "@/api/client";
import { useInstance } from "@/api/session";
import { GateHeading } from "./parts/GateHeading";
import { NewAccountForm } from "./parts/NewAccountForm";
import { useEnter } from "./useEnter";

/** A new account, where the server lets anybody make one; elsewhere why not. */
export function RegisterPage({ next }: { next?: string }) {
  const { t } = useTranslation("account");
  const instance = useInstance();
  const enter = useEnter(next);
  const isOpen = instance?.registration === "open";
  return (
    <>
      <GateHeading title={t("registerTitle")}>{isOpen ? t("registerText") : null}</GateHeading>
      {isOpen ? (
        <NewAccountForm
          create={(body) => take(api.POST("/api/auth/register", { body }))}
          onCreated={enter}
          submitLabel={t("createAccount")}
        />
      ) : null}
      {instance && !isOpen ? <p>{instance.registration === "invite" ? t("inviteOnly") : t("closed")}</p> : null}
      {instance?.needsSetup ? <p className="mt-5 border-s-2 border-marigold ps-3 text-sm">{t("needsSetup")}</p> : null}
      <p className="mt-7 text-sm text-muted">
        {t("haveAccount")}{" "}
        <Link to="/sign-in" search={{ next }} className="font-medium text-link underline underline-offset-4">
          {t("signIn")}
        </Link>
      </p>
    </>
  );
}
