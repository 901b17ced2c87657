import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useCallback, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/session";
import { deliver, outgoing } from "@/features/chats/send";
import { useTemporary } from "@/features/chats/temporary";
import { modelsQuery } from "@/features/models/queries";
import { preloadMarkdown } from "@/ui/Markdown";
import { PageBar } from "@/ui/PageBar";
import { usePageTitle } from "@/ui/usePageTitle";
import { Composer, type ComposerHandle, type Written } from "./Composer";
import { Starters } from "./Starters";
import { TemporaryNotice } from "./TemporaryNotice";
import { TemporaryToggle } from "./TemporaryToggle";
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
  const isTemporary = useTemporary((state) => state.isOn);
  const [time] = useState(() => daytime(new Date().getHours()));
  usePageTitle(t("newTitle"));
  useComposerFocus(composer);
  useEffect(() => {
    preloadMarkdown().catch(() => undefined);
  }, []);

  const send = useCallback(
    (written: Written) => {
      const { model, models: compared } = written;
      const item = outgoing({ userId, ...written, isTemporary }, new Date());
      void deliver(client, item);
      // Without a default of one's own the model used last is the next chat's.
      if (defaultModel === null && !compared) {
        client.setQueryData(modelsQuery.queryKey, (catalogue) => catalogue && { ...catalogue, defaultModel: model ?? catalogue.defaultModel });
      }
      useTemporary.setState({ isOn: false });
      void router.navigate({ to: "/chat/$chatId", params: { chatId: item.chatId } });
    },
    [client, router, userId, defaultModel, isTemporary],
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col overflow-y-auto px-4 pb-4 md:px-6">
      <PageBar>
        <TemporaryToggle />
      </PageBar>
      <div className="mx-auto flex w-full max-w-column flex-1 flex-col justify-end pb-6 md:flex-[0.62] md:pb-8">
        <h1 className="text-[1.75rem] font-semibold md:text-4xl">{t(`greeting.${time}`, { name: name.split(" ", 1)[0] })}</h1>
        <p className="mt-1.5 text-lg text-muted">{t("greetingText")}</p>
      </div>
      <div className="flex flex-col max-md:flex-col-reverse max-md:gap-3 md:flex-1 md:gap-4">
        <UnsentNotice userId={userId} />
        <div>
          {isTemporary ? <TemporaryNotice /> : null}
          <Composer ref={composer} model={models?.defaultModel ?? null} isTemporary={isTemporary} onSend={send} />
        </div>
        <Starters onChoose={(prompt) => composer.current?.fill(prompt)} />
      </div>
    </div>
  );
}
