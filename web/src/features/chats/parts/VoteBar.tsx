import { Button } from "@heroui/react";
import { useQueryClient } from "@tanstack/react-query";
import { ArrowLeft, ArrowRight, Equal, ThumbsDown } from "lucide-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Comparison, Winner } from "@/api/types";
import { showBranch } from "@/features/chats/branching";
import { decide } from "@/features/chats/votes";
import { useModelName } from "./useModelName";

interface VoteBarProps {
  comparison: Comparison;
  isRunning: boolean;
  isLast: boolean;
}

const choices = [
  { winner: "left", icon: ArrowLeft },
  { winner: "tie", icon: Equal },
  { winner: "bothBad", icon: ThumbsDown },
  { winner: "right", icon: ArrowRight },
] as const satisfies readonly { winner: Winner; icon: typeof Equal }[];

/** Which of two answers is better. Cast blind, the vote is final and shows who wrote what. */
export function VoteBar({ comparison, isRunning, isLast }: VoteBarProps) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const [isPending, setPending] = useState(false);
  const { isBlind, isRevealed, winner, messages } = comparison;
  const vote = async (next: Winner) => {
    setPending(true);
    const isStored = await decide(client, comparison, next);
    setPending(false);
    const better = next === "left" ? messages[0] : next === "right" ? messages[1] : undefined;
    if (isStored && isLast && better) await showBranch(client, better.chatId, better.id);
  };
  if (isBlind && isRevealed) return <Revealed comparison={comparison} />;
  return (
    <div className="flex flex-col items-center gap-2">
      <div role="group" aria-label={t("vote.pair")} className="grid w-full max-w-2xl grid-cols-2 gap-1.5 sm:grid-cols-4">
        {choices.map(({ winner: choice, icon: Icon }) => (
          <Button
            key={choice}
            size="sm"
            variant="outline"
            fullWidth
            aria-pressed={winner === choice}
            isDisabled={isRunning || isPending}
            className={`min-w-0 ${winner === choice ? "border-accent bg-accent-soft text-accent" : ""} ${choice === "right" ? "flex-row-reverse" : ""} ${order[choice]}`}
            onPress={() => void vote(choice)}
          >
            <Icon aria-hidden size={15} className="shrink-0" />
            <span className="truncate">{t(`vote.${choice}`)}</span>
          </Button>
        ))}
      </div>
      <p className="text-center text-xs text-muted">{isRunning ? t("vote.wait") : t(isBlind ? "vote.blindNote" : "vote.openNote")}</p>
    </div>
  );
}

/** On a phone left and right stand above the two that choose neither. */
const order: Record<(typeof choices)[number]["winner"], string> = { left: "max-sm:order-1", right: "max-sm:order-2", tie: "max-sm:order-3", bothBad: "max-sm:order-4" };

function Revealed({ comparison }: { comparison: Comparison }) {
  const { t } = useTranslation("chats");
  const [left, right] = comparison.messages;
  const names = { left: useModelName(left?.modelUsed ?? null) ?? "", right: useModelName(right?.modelUsed ?? null) ?? "" };
  return (
    <p role="status" className="text-center text-sm text-pretty">
      <span className="font-medium">{comparison.winner ? t(`vote.was.${comparison.winner as Winner}`) : null}</span> <span className="text-muted">{t("vote.revealed", names)}</span>
    </p>
  );
}
