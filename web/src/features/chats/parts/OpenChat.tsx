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
import { useTemporary } from "@/features/chats/temporary";
import { modelsQuery } from "@/features/models/queries";
import { ButtonLink } from "@/ui/ButtonLink";
import { EmptyState } from "@/ui/EmptyState";
import { ErrorState } from "@/ui/ErrorState";
import { PageBar } from "@/ui/PageBar";
import { usePageTitle } from "@/ui/usePageTitle";
import { ChatTitle } from "./ChatTitle";
import { Composer, type ComposerHandle, type Written } from "./Composer";
import { StatusLine } from "./StatusLine";
import { TemporaryNotice } from "./TemporaryNotice";
import { Thread, type ThreadHandle } from "./Thread";
import { hasBranches, TreeButton } from "./TreeButton";
import { ThreadSkeleton } from "./ThreadSkeleton";
import { useComposerFocus } from "./useComposerFocus";
import { useChatCommands } from "./useChatCommands";
import { useLife, usePlace, useUnsent } from "./useOpenChat";
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
  usePageTitle(chat?.title);
  useLife(userId, chatId, shown);
  useComposerFocus(composer);
  const place = usePlace(chatId, messageId, query.isSuccess);

  const isRunning = running(shown).length > 0;
  const stop = useCallback(() => stopAll(client, chatId), [client, chatId]);
  const stopNow = isRunning ? stop : undefined;
  useStopKey(stopNow);
  useChatCommands(chatId, stopNow);

  const isTemporary = chat?.temporary ?? unsent.first?.isTemporary ?? false;
  const send = useCallback(
    (written: Written) => {
      void deliver(client, outgoing({ userId, chatId, ...written, isTemporary }, new Date()));
      thread.current?.toEnd();
    },
    [client, userId, chatId, isTemporary],
  );
  const setParams = useCallback((params: Params) => void saveParams(client, chatId, params), [client, chatId]);
  const takeBack = useCallback(
    ({ id, isNew, content, model, params, models: compared, blind: isBlind = false }: Outgoing) => {
      const { remove } = useOutbox.getState();
      if (isNew) {
        useTemporary.setState({ isOn: isTemporary });
        writeDraft(draftKey(userId, newChat), { ...emptyDraft, text: content, model: compared ? null : model, params, compared: compared ?? null, isBlind });
        // Gone only once the page is left: a chat without its first question does not exist.
        void router.navigate({ to: "/" }).then(() => remove(id));
      } else {
        remove(id);
        composer.current?.fill(content);
      }
    },
    [router, userId, isTemporary],
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
        {chat ? <ChatTitle chat={chat} /> : null}
        {hasBranches(shown) ? <TreeButton chatId={chatId} /> : null}
      </PageBar>
      <h1 className="sr-only">{chat ? t("titleFor", { title: chat.title }) : t("newTitle")}</h1>
      {isLoading ? (
        <ThreadSkeleton />
      ) : (
        <Thread ref={thread} chatId={chatId} thread={shown} hasMore={query.data?.prevCursor != null} origin={chat?.origin} place={place} onTakeBack={takeBack} />
      )}
      <StatusLine message={shown.messages.at(-1)} />
      <div className="shrink-0 px-3 pt-1.5 pb-3 md:px-6 md:pb-4">
        {isTemporary ? <TemporaryNotice /> : null}
        <Composer
          ref={composer}
          chatId={chatId}
          model={chat?.model ?? unsent.first?.model ?? models?.defaultModel ?? null}
          leafId={chat?.activeLeafId}
          params={chat?.params}
          onParams={setParams}
          onSend={send}
          isTemporary={isTemporary}
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
