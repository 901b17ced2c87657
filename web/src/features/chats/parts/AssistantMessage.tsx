import { memo, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types";
import { useStreamed } from "@/features/chats/streams/useStream";
import { Markdown, SourceNumbers } from "@/ui/Markdown";
import { AnswerActions } from "./AnswerActions";
import { AnswerEnding } from "./AnswerEnding";
import { LiveDot } from "./LiveDot";
import { Reasoning } from "./Reasoning";
import { numbered, Sources } from "./Sources";
import { useModelName } from "./useModelName";
import { Waiting } from "./Waiting";

/** What a model answered, as far as it has come. */
export const AssistantMessage = memo(function AssistantMessage({ message: row, isLast }: { message: Message; isLast: boolean }) {
  const { t } = useTranslation("chats");
  const { message, link, reasonedMs } = useStreamed(row);
  const { content, reasoning, status, citations } = message;
  const model = message.modelUsed ?? message.modelAsked;
  const name = useModelName(model);
  const numbers = useMemo(() => numbered(citations), [citations]);
  const isStreaming = status === "streaming";
  return (
    <article aria-label={t("answerIn", { model: name ?? "" })} aria-busy={isStreaming} className="group">
      <h2 className="mb-1.5 font-sans text-sm font-medium tracking-normal text-muted">{name}</h2>
      {reasoning ? <Reasoning text={reasoning} isNow={isStreaming && content === ""} ms={reasonedMs} /> : null}
      {content === "" ? null : (
        <SourceNumbers value={numbers}>
          <Markdown text={content} isStreaming={isStreaming} />
        </SourceNumbers>
      )}
      <Sources citations={citations} />
      {isStreaming ? <Live isLost={link === "lost"} isEmpty={content === "" && !reasoning} model={model} /> : <Ended message={message} isLast={isLast} />}
    </article>
  );
});

function Ended({ message, isLast }: { message: Message; isLast: boolean }) {
  return (
    <>
      <AnswerEnding message={message} />
      <AnswerActions message={message} isLast={isLast} />
    </>
  );
}

/** As high as the actions that take its place, so that the end of an answer does not move the page. */
function Live({ isLost, isEmpty, model }: { isLost: boolean; isEmpty: boolean; model: string | null }) {
  const { t } = useTranslation("chats");
  if (isLost) {
    // A short break mends itself before anybody need know of it.
    return (
      <p className="mt-2 flex min-h-9 animate-[appear_1ms_1.5s_backwards] items-center gap-2.5 text-sm text-muted">
        <LiveDot />
        {t("reconnecting")}
      </p>
    );
  }
  if (isEmpty) return <Waiting model={model} />;
  return (
    <p className="mt-2 flex min-h-9 items-center">
      <LiveDot />
      <span className="sr-only">{t("answering")}</span>
    </p>
  );
}
