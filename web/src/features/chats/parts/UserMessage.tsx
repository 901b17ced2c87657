import { Button } from "@heroui/react";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, memo, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types";
import { askAnew } from "@/features/chats/branching";
import { useEdited } from "@/features/chats/editing";
import { firstLines, lineCount } from "@/features/chats/paste";
import { formatNumber } from "@/i18n/format";

const Attached = lazy(() => import("@/features/chats/files/Attached"));
const EditBox = lazy(() => import("./EditBox"));
const QuestionActions = lazy(() => import("./QuestionActions"));

const shownLines = 12;
const shownUnits = 1_600;
const chunkLines = 400;

/** What a person asked. Long questions are folded, so that a pasted file does not push the answer away. */
export const UserMessage = memo(function UserMessage({ message, isPending = false }: { message: Message; isPending?: boolean }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const { id, content } = message;
  const edited = useEdited(id);
  if (edited) {
    return (
      <article aria-label={t("you")} className="pt-2">
        <Suspense fallback={<Bubble text={content} isPending />}>
          <EditBox
            text={edited.text}
            label={t("edit.question")}
            saveLabel={t("send")}
            note={t("edit.questionNote")}
            onSave={(text) => askAnew(client, message, text, edited.newId)}
          />
        </Suspense>
      </article>
    );
  }
  return (
    <article aria-label={t("you")} className="group relative flex flex-col items-end pt-2">
      <h2 className="sr-only">{t("you")}</h2>
      {message.attachments?.length ? (
        <Suspense fallback={<div className="min-h-13" />}>
          <Attached files={message.attachments} />
        </Suspense>
      ) : null}
      {content === "" ? null : <Bubble text={content} isPending={isPending} />}
      {isPending ? null : (
        <Suspense fallback={<div className="-mb-5 min-h-8 pointer-coarse:mb-0 pointer-coarse:min-h-11" />}>
          <QuestionActions message={message} />
        </Suspense>
      )}
    </article>
  );
});

function Bubble({ text, isPending }: { text: string; isPending: boolean }) {
  return (
    <div className={`max-w-[85%] rounded-2xl rounded-ee-md border border-border bg-surface-secondary px-4 py-2.5 transition-opacity ${isPending ? "opacity-70" : ""}`}>
      <Question text={text} />
    </div>
  );
}

function Question({ text }: { text: string }) {
  const { t } = useTranslation("chats");
  const [isOpen, setOpen] = useState(false);
  const lines = lineCount(text);
  const isLong = lines > shownLines || text.length > shownUnits;
  if (!isLong) return <p className="break-words whitespace-pre-wrap">{text}</p>;
  const start = firstLines(text, shownLines).slice(0, shownUnits);
  return (
    <>
      {isOpen ? <WholeText text={text} /> : <p className="break-words whitespace-pre-wrap">{start}…</p>}
      <Button size="sm" variant="ghost" className="-ms-3 mt-1 text-muted" aria-expanded={isOpen} onPress={() => setOpen(!isOpen)}>
        {isOpen ? t("showLess") : t("showMore", { lines: formatNumber(lines) })}
      </Button>
    </>
  );
}

/** A text of any length: the parts out of view are not laid out. */
function WholeText({ text }: { text: string }) {
  const lines = text.split("\n");
  const chunks = Array.from({ length: Math.ceil(lines.length / chunkLines) }, (_, index) =>
    lines.slice(index * chunkLines, (index + 1) * chunkLines).join("\n"),
  );
  return (
    <div className="max-h-[70dvh] overflow-auto">
      {chunks.map((chunk, index) => (
        // The text of a message never changes.
        // oxlint-disable-next-line react/no-array-index-key
        <p key={index} className="break-words whitespace-pre-wrap [contain-intrinsic-size:auto_400lh] [content-visibility:auto]">
          {chunk === "" ? "\u00A0" : chunk}
        </p>
      ))}
    </div>
  );
}
