import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/session";
import { deliver, outgoing } from "@/features/chats/send";
import { modelsQuery } from "@/features/models/queries";
import { preloadMarkdown } from "@/ui/Markdown";
import { PageBar } from "@/ui/PageBar";
import { usePageTitle } from "@/ui/usePageTitle";
import { Composer, type ComposerHandle, type Written } from "./Composer";
import { Starters } from "./Starters";
import { TemporaryToggle } from "./Temporary";
import { UnsentNotice } from "./UnsentNotice";
import { useComposerFocus } from "./useComposerFocus";

type Daytime = "night" | "morning" | "afternoon" | "evening";

export function daytime(hour: number): Daytime {
  if (hour < 5) return "night";
  if (hour < 12) return "morning";
  return hour < 17 ? "afternoon" : "evening";
}

/** The page on which a chat begins. */
export function NewChat() {
  const { t } = useTranslation("chats");
  const { id: userId, name, defaultModel } = useMe();
  const client = useQueryClient();
  const router = useRouter();
  const { data: models } = useQuery(modelsQuery);
  const composer = useRef<ComposerHandle>(null);
  const [time] = useState(() => daytime(new Date().getHours()));
  const [isTemporary, setTemporary] = useState(false);
  usePageTitle(t(isTemporary ? "temporary.title" : "newTitle"));
  useComposerFocus(composer);
  useEffect(() => {
    preloadMarkdown().catch(() => undefined);
  }, []);

  const send = useCallback(
    (written: Written) => {
      const { model, models: compared } = written;
      const item = outgoing({ userId, ...written, ...(isTemporary ? { temporary: true } : {}) }, new Date());
      void deliver(client, item);
      // Without a default of one's own the model used last is the next chat's.
      if (defaultModel === null && !compared) {
        client.setQueryData(modelsQuery.queryKey, (catalogue) => catalogue && { ...catalogue, defaultModel: model ?? catalogue.defaultModel });
      }
      void router.navigate({ to: "/chat/$chatId", params: { chatId: item.chatId } });
    },
    [client, router, userId, defaultModel, isTemporary],
  );
  return (
    <>
      <PageBar>
        <TemporaryToggle isOn={isTemporary} onChange={setTemporary} />
      </PageBar>
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto px-4 pb-4 md:px-6">
        <div className="mx-auto flex w-full max-w-column flex-1 flex-col justify-end pb-6 md:flex-[0.62] md:pb-8">
          <h1 className="text-[1.75rem] font-semibold md:text-4xl">{isTemporary ? t("temporary.title") : t(`greeting.${time}`, { name: name.split(" ", 1)[0] })}</h1>
          <p className="mt-1.5 text-lg text-pretty text-muted">{t(isTemporary ? "temporary.text" : "greetingText")}</p>
        </div>
        <div className="flex flex-col max-md:flex-col-reverse max-md:gap-3 md:flex-1 md:gap-4">
          <UnsentNotice userId={userId} />
          <Composer key={String(isTemporary)} isTemporary={isTemporary} ref={composer} model={models?.defaultModel ?? null} onSend={send} />
          <Starters onChoose={(prompt) => composer.current?.fill(prompt)} />
        </div>
      </div>
    </>
  );
}
