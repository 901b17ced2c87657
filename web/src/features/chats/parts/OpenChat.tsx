import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { MessageCircleQuestion } from "lucide-react";
import { useCallback, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/session";
import type { Message, Params } from "@/api/types";
import { runningAnswer, saveParams, stopAnswer } from "@/features/chats/actions";
import { draftKey, emptyDraft, newChat, writeDraft } from "@/features/chats/drafts";
import { type Outgoing, useOutbox } from "@/features/chats/outbox";
import { threadQuery } from "@/features/chats/queries";
import { deliver, outgoing } from "@/features/chats/send";
import { followAnswer, followFor, setChatOnScreen } from "@/features/chats/streams/following";
import { modelsQuery } from "@/features/models/queries";
import { ButtonLink } from "@/ui/ButtonLink";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { PageBar } from "@/ui/PageBar";
import { usePageTitle } from "@/ui/usePageTitle";
import { ChatTitle } from "./ChatTitle";
import { Composer, type ComposerHandle, type Written } from "./Composer";
import { StatusLine } from "./StatusLine";
import { Thread, type ThreadHandle } from "./Thread";
import { ThreadSkeleton } from "./ThreadSkeleton";
import { useComposerFocus } from "./useComposerFocus";
import { useChatCommands } from "./useChatCommands";
import { useStopKey } from "./useStopKey";

const noMessages: readonly Message[] = [];

/** What waits to be sent in this chat; the first question of a chat makes it, so until then there is none to ask for. */
function useUnsent(chatId: string) {
  const items = useOutbox((outbox) => outbox.items);
  const mine = items.filter((item) => item.chatId === chatId);
  const first = mine.find(({ isNew }) => isNew);
  return { first, isUnmade: first !== undefined && first.code !== "unconfirmed", isSending: mine.some(({ state }) => state === "sending") };
}

/** Follows every running answer of the thread, and forgets unsent questions that did arrive. */
function useLife(userId: string, chatId: string, messages: readonly Message[]): void {
  const client = useQueryClient();
  useEffect(() => {
    followFor(userId);
    const { items, remove } = useOutbox.getState();
    for (const message of messages) {
      if (message.status === "streaming") followAnswer(client, message);
      if (items.some(({ id, state }) => id === message.id && state === "failed")) remove(message.id);
    }
  }, [client, userId, messages]);
  useEffect(() => {
    setChatOnScreen(chatId);
    return () => setChatOnScreen(null);
  }, [chatId]);
}

/** A chat that exists, or is being made at this moment. */
export function OpenChat({ chatId }: { chatId: string }) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const router = useRouter();
  const { id: userId } = useMe();
  const unsent = useUnsent(chatId);
  const query = useQuery({ ...threadQuery(chatId), enabled: !unsent.isUnmade });
  const { data: models } = useQuery(modelsQuery);
  const messages = query.data?.messages ?? noMessages;
  const chat = query.data?.chat;
  const composer = useRef<ComposerHandle>(null);
  const thread = useRef<ThreadHandle>(null);
  usePageTitle(chat?.title);
  useLife(userId, chatId, messages);
  useComposerFocus(composer);

  const isRunning = messages.some(({ status }) => status === "streaming");
  const stop = useCallback(() => {
    const running = runningAnswer(client, chatId);
    if (running) void stopAnswer(client, running);
  }, [client, chatId]);
  const stopNow = isRunning ? stop : undefined;
  useStopKey(stopNow);
  useChatCommands(chatId, stopNow);

  const send = useCallback(
    ({ content, model, params }: Written) => {
      void deliver(client, outgoing({ userId, chatId, content, model, params }, new Date()));
      thread.current?.toEnd();
    },
    [client, userId, chatId],
  );
  const setParams = useCallback((params: Params) => void saveParams(client, chatId, params), [client, chatId]);
  const takeBack = useCallback(
    ({ id, isNew, content, model, params }: Outgoing) => {
      const { remove } = useOutbox.getState();
      if (isNew) {
        writeDraft(draftKey(userId, newChat), { ...emptyDraft, text: content, model, params });
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
      <PageBar>{chat ? <ChatTitle chat={chat} /> : null}</PageBar>
      <h1 className="sr-only">{chat ? t("titleFor", { title: chat.title }) : t("newTitle")}</h1>
      {isLoading ? (
        <ThreadSkeleton />
      ) : (
        <Thread ref={thread} chatId={chatId} messages={messages} hasMore={query.data?.prevCursor != null} onTakeBack={takeBack} />
      )}
      <StatusLine message={messages.at(-1)} />
      <div className="shrink-0 px-3 pt-1.5 pb-3 md:px-6 md:pb-4">
        <Composer
          ref={composer}
          chatId={chatId}
          model={chat?.model ?? unsent.first?.model ?? models?.defaultModel ?? null}
          params={chat?.params}
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
