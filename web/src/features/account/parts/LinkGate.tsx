import { Spinner } from "@heroui/react";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { api, take } from "@/api/client";
import type { LinkInfo } from "@/api/types";
import { formatDateTime } from "@/i18n/format";
import { ButtonLink } from "@/ui/ButtonLink";
import { FormAlert } from "@/ui/FormAlert";
import { problemText } from "@/ui/problemText";
import { GateHeading } from "./GateHeading";

interface LinkGateProps {
  kind: LinkInfo["kind"];
  title: string;
  text: string;
  /** The form, once the link is known to be good. */
  children: (link: { token: string; email: string | null }) => ReactNode;
}

/** A page behind a one-time link. Its secret stands after `#`, which browsers send to no server. */
export function LinkGate({ kind, title, text, children }: LinkGateProps) {
  const { t } = useTranslation("account");
  const token = useLocation({ select: ({ hash }) => decode(hash) });
  const link = useQuery({
    queryKey: ["link", token],
    queryFn: ({ signal }) => take(api.POST("/api/auth/link", { body: { token }, signal })),
    enabled: token !== "",
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  if (token === "") return <Broken reason={t("linkMissing")} />;
  if (link.isError) return <Broken reason={problemText(link.error)} />;
  if (link.isPending) return <Checking />;
  if (link.data.kind !== kind) return <OtherPage kind={link.data.kind} token={token} />;
  return (
    <>
      <GateHeading title={title}>{text}</GateHeading>
      {children({ token, email: link.data.email })}
      <p className="mt-5 text-sm text-muted">{t("expires", { time: formatDateTime(link.data.expiresAt) })}</p>
    </>
  );
}

function decode(hash: string): string {
  try {
    return decodeURIComponent(hash.replace(/^#/, ""));
  } catch {
    return hash;
  }
}

function Checking() {
  const { t } = useTranslation("account");
  return (
    <p role="status" className="flex items-center gap-3 text-muted">
      <Spinner size="sm" color="current" />
      {t("checkingLink")}
    </p>
  );
}

function Broken({ reason }: { reason: string }) {
  const { t } = useTranslation("account");
  return (
    <>
      <GateHeading title={t("linkBroken")} />
      <FormAlert text={reason} />
      <ButtonLink to="/sign-in" variant="outline" className="mt-6 w-fit">
        {t("signIn")}
      </ButtonLink>
    </>
  );
}

function OtherPage({ kind, token }: { kind: LinkInfo["kind"]; token: string }) {
  const { t } = useTranslation("account");
  return (
    <>
      <GateHeading title={t("linkWrongKind")} />
      <ButtonLink to={`/${kind}`} hash={token} className="w-fit">
        {t("openPage")}
      </ButtonLink>
    </>
  );
}
