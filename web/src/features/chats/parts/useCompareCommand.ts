import { Columns2 } from "lucide-react";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { toggled } from "@/features/chats/comparing";
import type { Draft } from "@/features/chats/drafts";
import { useCommands } from "@/ui/commands";

/** The key and the palette's line that turn comparing on and off. */
export function useCompareCommand(compared: string[] | null, chosen: string | null, change: (next: Partial<Draft>) => void): void {
  const { t } = useTranslation("chats");
  // The command stays the same object while one types and chooses.
  const latest = useRef({ compared, chosen });
  useEffect(() => {
    latest.current = { compared, chosen };
  }, [compared, chosen]);
  useCommands(
    useMemo(
      () => [
        {
          id: "chat.compare",
          title: t("compare.toggle"),
          group: "chat" as const,
          icon: Columns2,
          keys: "c",
          words: "side by side blind models tulna",
          run: () => change(toggled(latest.current.compared, latest.current.chosen)),
        },
      ],
      [t, change],
    ),
  );
}
