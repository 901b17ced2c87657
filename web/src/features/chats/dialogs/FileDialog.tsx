import { Button, Modal, Spinner } from "@heroui/react";
import { useQuery } from "@tanstack/react-query";
import { Download, ExternalLink } from "lucide-react";
import { useTranslation } from "react-i18next";
import { contentUrl, type Shown, sizeLabel } from "@/features/chats/files/kinds";
import { textQuery } from "@/features/chats/files/queries";
import { firstLines } from "@/features/chats/paste";
import { formatNumber } from "@/i18n/format";
import { download } from "@/ui/download";
import { safeHref } from "@/ui/markdown/links";
import { problemText } from "@/ui/problemText";

const shownLines = 2_000;
const shownUnits = 200_000;

/** A file as a whole: the picture, or the words that were read from it. */
export default function FileDialog({ file, onClose }: { file: Shown; onClose: () => void }) {
  const { t } = useTranslation("chats");
  const { id, name, kind, status, error, sizeBytes, tokens, pages, width, height, sourceUrl } = file;
  const facts = [
    t(`files.kinds.${kind}`),
    sizeLabel(sizeBytes),
    width !== null && height !== null ? `${formatNumber(width)} × ${formatNumber(height)}` : null,
    pages === null ? null : t("files.pages", { count: pages }),
    tokens === null ? null : t("files.tokens", { value: formatNumber(tokens) }),
  ];
  const address = sourceUrl === null ? undefined : safeHref(sourceUrl);
  return (
    <Modal.Backdrop isOpen onOpenChange={(isOpen) => !isOpen && onClose()}>
      <Modal.Container size="lg" scroll="inside">
        <Modal.Dialog className="sm:max-w-3xl">
          <Modal.CloseTrigger />
          <Modal.Header>
            <Modal.Heading className="pe-8 text-lg font-semibold break-words">{name}</Modal.Heading>
            <p className="text-sm text-muted">{facts.filter(Boolean).join(" · ")}</p>
          </Modal.Header>
          <Modal.Body className="mt-3 text-foreground">
            {status === "failed" ? <p className="rounded-lg border border-danger/40 bg-danger-soft px-3.5 py-2.5 text-sm">{t("files.failed", { why: error?.detail ?? "" })}</p> : null}
            {status === "pending" ? <p className="text-sm text-muted">{t("files.reading")}</p> : null}
            {status === "ready" && kind === "image" ? <img src={contentUrl(id)} alt={name} className="mx-auto max-h-[65dvh] rounded-lg border border-border object-contain" /> : null}
            {status === "ready" && kind !== "image" ? <Words id={id} name={name} /> : null}
          </Modal.Body>
          <Modal.Footer className="mt-4">
            {address ? (
              <a href={address} target="_blank" rel="noopener noreferrer nofollow" className="me-auto flex min-h-9 items-center gap-1.5 text-sm text-accent hover:underline">
                <ExternalLink aria-hidden size={15} />
                {t("files.source")}
              </a>
            ) : null}
            <Button variant="outline" onPress={() => void download(contentUrl(id))}>
              <Download aria-hidden size={16} />
              {t("files.download")}
            </Button>
          </Modal.Footer>
        </Modal.Dialog>
      </Modal.Container>
    </Modal.Backdrop>
  );
}

function Words({ id, name }: { id: string; name: string }) {
  const { t } = useTranslation("chats");
  const { data, error } = useQuery(textQuery(id));
  if (error) return <p className="text-sm text-danger">{problemText(error)}</p>;
  if (data === undefined) {
    return (
      <div className="grid h-40 place-items-center">
        <Spinner aria-label={t("searching")} />
      </div>
    );
  }
  const shown = firstLines(data, shownLines).slice(0, shownUnits);
  return (
    <>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre tabIndex={0} role="region" aria-label={name} className="max-h-[60dvh] overflow-auto rounded-lg border border-border bg-surface-secondary p-3 font-mono text-xs break-words whitespace-pre-wrap">
        {shown}
      </pre>
      {shown.length < data.length ? <p className="mt-2 text-xs text-muted">{t("files.cut")}</p> : null}
    </>
  );
}
