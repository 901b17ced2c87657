import { FileText } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { SharedMessage as Message } from "@/api/types";
import { CopyButton } from "@/ui/CopyButton";
import { Markdown } from "@/ui/Markdown";

/** A question or an answer, as in the chat it came from but for what can be done with it. */
export function SharedMessage({ message, token }: { message: Message; token: string }) {
  const { t } = useTranslation("shares");
  if (message.role === "user") {
    return (
      <article aria-label={t("question")} className="flex flex-col items-end gap-2">
        <h2 className="sr-only">{t("question")}</h2>
        <Attachments message={message} token={token} />
        <div className="max-w-[85%] rounded-2xl rounded-ee-md border border-border bg-surface-secondary px-4 py-2.5">
          <p className="break-words whitespace-pre-wrap">{message.content}</p>
        </div>
      </article>
    );
  }
  const name = message.model ?? t("answer");
  return (
    <article aria-label={t("answerOf", { name })} className="min-w-0">
      <h2 className="mb-1.5 font-sans text-sm font-medium tracking-normal text-muted">{name}</h2>
      {message.reasoning ? (
        <details className="mb-3">
          <summary className="min-h-8 cursor-pointer content-center text-sm text-muted hover:text-foreground pointer-coarse:min-h-11">{t("reasoning")}</summary>
          <div className="mt-1 border-s-2 border-border ps-4 text-[0.9375rem] text-muted">
            <Markdown text={message.reasoning} />
          </div>
        </details>
      ) : null}
      {message.content === "" ? <p className="text-muted">{t("noContent")}</p> : <Markdown text={message.content} />}
      {message.content === "" ? null : <CopyButton text={() => message.content} label={t("copyAnswer")} className="-ms-2 mt-1 text-muted" />}
    </article>
  );
}

function Attachments({ message: { attachments = [] }, token }: { message: Message; token: string }) {
  const { t } = useTranslation("shares");
  if (attachments.length === 0) return null;
  const address = (id: string, variant: string) => `/api/shared/${encodeURIComponent(token)}/files/${encodeURIComponent(id)}/content?variant=${variant}`;
  return (
    <ul aria-label={t("attachments")} className="flex max-w-[85%] flex-wrap justify-end gap-2">
      {attachments.map(({ id, name, kind, width, height }) => (
        <li key={id} className="max-w-full">
          {kind === "image" ? (
            <img
              src={address(id, "image")}
              alt={name}
              width={width ?? undefined}
              height={height ?? undefined}
              loading="lazy"
              className="h-auto max-h-80 w-auto max-w-full rounded-lg border border-border"
            />
          ) : (
            <a
              href={address(id, "original")}
              download={name}
              className="flex min-h-9 max-w-72 items-center gap-2 rounded-md border border-border bg-surface px-3 text-sm hover:bg-default pointer-coarse:min-h-11"
            >
              <FileText aria-hidden size={16} className="shrink-0 text-muted" />
              <span className="truncate">{name}</span>
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}
