import { type RefObject, useEffect, useMemo } from "react";
import { MessageSquareText } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useCommands } from "@/ui/commands";
import type { ComposerHandle } from "./Composer";

/** Puts the cursor into the text box when the page opens (not where that raises a keyboard), and on `/`. */
export function useComposerFocus(composer: RefObject<ComposerHandle | null>): void {
  const { t } = useTranslation("chats");
  useEffect(() => {
    if (matchMedia("(pointer: fine)").matches) composer.current?.focus();
  }, [composer]);
  useCommands(
    useMemo(
      () => [
        {
          id: "chat.compose",
          title: t("composerLabel"),
          group: "chat" as const,
          icon: MessageSquareText,
          keys: "/",
          words: "write focus likho",
          run: () => composer.current?.focus(),
        },
      ],
      [composer, t],
    ),
  );
}
