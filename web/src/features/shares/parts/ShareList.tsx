import { Button } from "@heroui/react";
import { Link } from "@tanstack/react-router";
import { Camera, Link2Off, Radio } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Share } from "@/api/types";
import { formatAgo, formatDateTime } from "@/i18n/format";
import { CopyButton } from "@/ui/CopyButton";
import { notify } from "@/ui/notify";
import { problemText } from "@/ui/problemText";
import { useRevokeShare } from "../queries";

interface ShareListProps {
  shares: readonly Share[];
  /** Names the chat of each link, where they are of several. */
  titleOf?: (share: Share) => string;
}

/** Links that work, each with the way to copy it and to take it back. */
export function ShareList({ shares, titleOf }: ShareListProps) {
  return (
    <ul className="divide-y divide-separator rounded-lg border border-border bg-surface">
      {shares.map((share) => (
        <ShareRow key={share.id} share={share} title={titleOf?.(share)} />
      ))}
    </ul>
  );
}

function ShareRow({ share, title }: { share: Share; title?: string }) {
  const { t } = useTranslation("shares");
  const revoke = useRevokeShare();
  const { id, chatId, kind, url, createdAt, expiresAt } = share;
  const Icon = kind === "live" ? Radio : Camera;
  const facts = [
    title === undefined ? null : t(`kinds.${kind}.label`),
    t("made", { time: formatAgo(createdAt) }),
    expiresAt === null ? t("untilRevoked") : t("until", { time: formatDateTime(expiresAt) }),
  ];
  const end = () =>
    revoke.mutate(id, { onSuccess: () => notify.done(t("revoked")), onError: (error) => notify.failed(problemText(error)) });
  return (
    <li className="flex items-center gap-3 py-2 ps-4 pe-2">
      <Icon aria-hidden size={17} className="shrink-0 text-muted" />
      <div className="min-w-0 flex-1">
        <p className="truncate text-sm font-medium">
          {title === undefined ? (
            t(`kinds.${kind}.label`)
          ) : (
            <Link to="/chat/$chatId" params={{ chatId }} className="hover:underline">
              {title}
            </Link>
          )}
        </p>
        <p className="text-xs text-muted">{facts.filter((fact) => fact !== null).join(" · ")}</p>
      </div>
      <CopyButton text={() => url} label={t("copyLink")} />
      <Button size="sm" variant="ghost" className="text-danger max-sm:px-3" isPending={revoke.isPending} onPress={end}>
        <Link2Off aria-hidden size={15} className="sm:hidden" />
        <span className="max-sm:sr-only">{t("revoke")}</span>
      </Button>
    </li>
  );
}
