import { useQueryClient } from "@tanstack/react-query";
import { lazy, memo, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Comparison, Message } from "@/api/types";
import { editAnswer } from "@/features/chats/branching";
import { useEdited } from "@/features/chats/editing";
import { paramFacts } from "@/features/chats/facts";
import type { Link } from "@/features/chats/streams/store";
import { useStreamed } from "@/features/chats/streams/useStream";
import { Markdown, SourceNumbers } from "@/ui/Markdown";
import { AnswerEnding } from "./AnswerEnding";
import { LiveDot } from "./LiveDot";
import { Reasoning } from "./Reasoning";
import { numbered, Sources } from "./Sources";
import { useAnswerName } from "./useAnswerName";
import { Waiting } from "./Waiting";

const AnswerActions = lazy(() => import("./AnswerActions"));
const EditBox = lazy(() => import("./EditBox"));

interface AssistantMessageProps {
  message: Message;
  isLast: boolean;
  /** The comparison that the answer was chosen from. */
  compared?: Comparison;
}

/** What a model answered, as far as it has come. */
export const AssistantMessage = memo(function AssistantMessage({ message: row, isLast, compared }: AssistantMessageProps) {
  const { t } = useTranslation("chats");
  const { message, link, reasonedMs } = useStreamed(row);
  const edited = useEdited(message.id);
  const name = useAnswerName(message);
  const isStreaming = message.status === "streaming";
  return (
    <article aria-label={t("answerIn", { model: name })} aria-busy={isStreaming} className="group">
      <AnswerHeading message={message} name={name} />
      {edited ? <EditedAnswer message={message} text={edited.text} newId={edited.newId} /> : <AnswerBody message={message} reasonedMs={reasonedMs} />}
      {isStreaming ? <Live message={message} link={link} /> : <Ended message={message} isLast={isLast} compared={compared} />}
    </article>
  );
});

/** The name above an answer, and what it was made with where that is not the usual. */
function AnswerHeading({ message, name }: { message: Message; name: string }) {
  const { t } = useTranslation("chats");
  const facts = paramFacts(message.params);
  const names = facts.map(([key, value]) => (key === "systemPrompt" || key === "stop" ? t(`params.${key}`) : `${t(`params.${key}`)} ${value}`));
  return (
    <h2 className="mb-1.5 flex min-w-0 items-baseline gap-2.5 font-sans text-sm font-medium tracking-normal text-muted">
      <span className="shrink-0">{name}</span>
      {names.length > 0 ? <span className="truncate text-xs font-normal">{names.join(" · ")}</span> : null}
    </h2>
  );
}

function EditedAnswer({ message, text, newId }: { message: Message; text: string; newId: string }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  return (
    <Suspense fallback={<div className="min-h-24" />}>
      <EditBox
        text={text}
        label={t("edit.answer")}
        saveLabel={t("save")}
        note={t("edit.answerNote")}
        onSave={(next) => editAnswer(client, message, next, newId)}
      />
    </Suspense>
  );
}

/** The words of an answer, with its reasoning and its sources. */
export function AnswerBody({ message, reasonedMs }: { message: Message; reasonedMs: number | null }) {
  const { content, reasoning, status, citations } = message;
  const numbers = useMemo(() => numbered(citations), [citations]);
  const isStreaming = status === "streaming";
  return (
    <>
      {reasoning ? <Reasoning text={reasoning} isNow={isStreaming && content === ""} ms={reasonedMs} /> : null}
      {content === "" ? null : (
        <SourceNumbers value={numbers}>
          <Markdown text={content} isStreaming={isStreaming} />
        </SourceNumbers>
      )}
      <Sources citations={citations} />
    </>
  );
}

function Ended({ message, isLast, compared }: AssistantMessageProps) {
  return (
    <>
      <AnswerEnding message={message} />
      <Suspense fallback={<div className="mt-2 min-h-9" />}>
        <AnswerActions message={message} isLast={isLast} compared={compared} />
      </Suspense>
    </>
  );
}

/** As high as the actions that take its place, so that the end of an answer does not move the page. */
export function Live({ message, link }: { message: Message; link: Link }) {
  const { t } = useTranslation("chats");
  if (link === "lost") {
    // A short break mends itself before anybody need know of it.
    return (
      <p className="mt-2 flex min-h-9 animate-[appear_1ms_1.5s_backwards] items-center gap-2.5 text-sm text-muted">
        <LiveDot />
        {t("reconnecting")}
      </p>
    );
  }
  if (message.content === "" && !message.reasoning) return <Waiting model={message.modelUsed ?? message.modelAsked} />;
  return (
    <p className="mt-2 flex min-h-9 items-center">
      <LiveDot />
      <span className="sr-only">{t("answering")}</span>
    </p>
  );
}
