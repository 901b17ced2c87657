import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { MessageCircleQuestion } from "lucide-react";
import { useCallback, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/session";
import type { Params } from "@/api/types";
import { saveParams, stopAll } from "@/features/chats/actions";
import { draftKey, emptyDraft, newChat, writeDraft } from "@/features/chats/drafts";
import { type Outgoing, useOutbox } from "@/features/chats/outbox";
import { threadQuery } from "@/features/chats/queries";
import type { Shown } from "@/features/chats/rows";
import { deliver, outgoing } from "@/features/chats/send";
import { running } from "@/features/chats/thread";
import { modelsQuery } from "@/features/models/queries";
import { ButtonLink } from "@/ui/ButtonLink";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { PageBar } from "@/ui/PageBar";
import { usePageTitle } from "@/ui/usePageTitle";
import { ChatTitle } from "./ChatTitle";
import { Composer, type ComposerHandle, type Written } from "./Composer";
import { AlsoOpen, Typing } from "./Others";
import { StatusLine } from "./StatusLine";
import { Thread, type ThreadHandle } from "./Thread";
import { TemporaryBar } from "./Temporary";
import { hasBranches, TreeButton } from "./TreeButton";
import { ThreadSkeleton } from "./ThreadSkeleton";
import { useComposerFocus } from "./useComposerFocus";
import { useChatCommands } from "./useChatCommands";
import { useLife, usePlace, useUnsent } from "./useOpenChat";
import { useRoom } from "./useRoom";
import { useStopKey } from "./useStopKey";

const nothing: Shown = { messages: [], comparisons: [], summaries: [] };

/** A chat that exists, or is being made at this moment. */
export function OpenChat({ chatId, messageId }: { chatId: string; messageId?: string }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const router = useRouter();
  const { id: userId } = useMe();
  const unsent = useUnsent(chatId);
  const query = useQuery({ ...threadQuery(chatId), enabled: !unsent.isUnmade });
  const { data: models } = useQuery(modelsQuery);
  const shown: Shown = query.data ?? nothing;
  const chat = query.data?.chat;
  const composer = useRef<ComposerHandle>(null);
  const thread = useRef<ThreadHandle>(null);
  const isTemporary = chat?.temporary ?? unsent.first?.temporary ?? false;
  usePageTitle(chat?.title);
  useLife(userId, chatId, shown);
  useComposerFocus(composer);
  const others = useRoom(chatId);
  const place = usePlace(chatId, messageId, query.isSuccess);

  const isRunning = running(shown).length > 0;
  const stop = useCallback(() => stopAll(client, chatId), [client, chatId]);
  const stopNow = isRunning ? stop : undefined;
  useStopKey(stopNow);
  useChatCommands(chatId, stopNow);

  const send = useCallback(
    (written: Written) => {
      const question = { userId, chatId, ...written, ...(isTemporary ? { temporary: true } : {}) };
      void deliver(client, outgoing(question, new Date()));
      thread.current?.toEnd();
    },
    [client, userId, chatId, isTemporary],
  );
  const setParams = useCallback((params: Params) => void saveParams(client, chatId, params), [client, chatId]);
  const takeBack = useCallback(
    ({ id, isNew, content, model, params, models: compared, blind: isBlind = false }: Outgoing) => {
      const { remove } = useOutbox.getState();
      if (isNew) {
        writeDraft(draftKey(userId, newChat), { ...emptyDraft, text: content, model: compared ? null : model, params, compared: compared ?? null, isBlind });
        // Gone only once the page is left: a chat without its first question does not exist.
        void router.navigate({ to: "/" }).then(() => remove(id));
      } else {
        remove(id);
        composer.current?.fill(content);
      }
    },
    [router, userId],
  );

  const isMissing = query.error?.status === 404 && !unsent.first;
  if (isMissing) return <Missing />;
  if (query.error && !query.data && !unsent.first) {
    return <ErrorState title={t("openFailed")} error={query.error} onRetry={() => void query.refetch()} />;
  }
  const isLoading = !query.data && !unsent.first;
  return (
    <>
      <PageBar>
        {chat?.temporary ? <TemporaryBar chatId={chatId} /> : chat ? <ChatTitle chat={chat} /> : null}
        <AlsoOpen others={others} />
        {hasBranches(shown) ? <TreeButton chatId={chatId} /> : null}
      </PageBar>
      <h1 className="sr-only">{chat ? t("titleFor", { title: chat.title }) : t("newTitle")}</h1>
      {isLoading ? (
        <ThreadSkeleton />
      ) : (
        <Thread ref={thread} chatId={chatId} thread={shown} hasMore={query.data?.prevCursor != null} origin={chat?.origin} place={place} onTakeBack={takeBack} />
      )}
      <StatusLine message={shown.messages.at(-1)} />
      <div className="relative shrink-0 px-3 pt-1.5 pb-3 md:px-6 md:pb-4">
        <Typing others={others} />
        <Composer
          key={String(isTemporary)}
          ref={composer}
          chatId={chatId}
          model={chat?.model ?? unsent.first?.model ?? models?.defaultModel ?? null}
          leafId={chat?.activeLeafId}
          params={chat?.params}
          isTemporary={isTemporary}
          onParams={setParams}
          onSend={send}
          onStop={isRunning || unsent.isSending ? stop : undefined}
        />
      </div>
    </>
  );
}

function Missing() {
  const { t } = useTranslation("chats");
  return (
    <EmptyState
      as="h1"
      icon={MessageCircleQuestion}
      title={t("notFound")}
      text={t("notFoundText")}
      actions={<ButtonLink to="/">{t("newTitle")}</ButtonLink>}
    />
  );
}
