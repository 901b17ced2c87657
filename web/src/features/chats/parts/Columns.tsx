import { Button } from "@heroui/react";
import { ChevronsDownUp } from "lucide-react";
import { memo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Comparison, Message } from "@/api/types";
import { openColumns } from "@/features/chats/rows";
import { running } from "@/features/chats/thread";
import { Column } from "./Column";
import { useColumnName } from "./useAnswerName";
import { VoteBar } from "./VoteBar";

interface ColumnsProps {
  comparison: Comparison;
  /** The answer that the chat goes on with. */
  active: Message;
  isLast: boolean;
}

/** Several answers to one question beside each other; on a phone one at a time, to be swiped through. */
export default memo(function Columns({ comparison, active, isLast }: ColumnsProps) {
  const { t } = useTranslation("chats");
  const { id, messages, isBlind, isRevealed } = comparison;
  const box = useRef<HTMLDivElement>(null);
  const [shown, setShown] = useState(0);
  const isRunning = running({ messages, comparisons: [] }).length > 0;
  const onScroll = () => {
    const element = box.current;
    if (element && element.clientWidth > 0) setShown(Math.min(messages.length - 1, Math.round(element.scrollLeft / element.clientWidth)));
  };
  const show = (index: number) => box.current?.scrollTo({ left: index * box.current.clientWidth, behavior: "smooth" });
  return (
    <section aria-label={t(isBlind ? "compare.blindTitle" : "compare.title", { count: messages.length })} className="flex flex-col gap-3">
      <div role="group" aria-label={t("compare.answers")} className="flex gap-1.5 md:hidden">
        {messages.map((message, index) => (
          <Tab key={message.id} message={message} index={index} isShown={index === shown} onShow={() => show(index)} />
        ))}
      </div>
      <div ref={box} onScroll={onScroll} className="flex snap-x snap-mandatory items-stretch gap-3 overflow-x-auto overscroll-x-contain [scrollbar-width:thin] max-md:[scrollbar-width:none]">
        {messages.map((message, index) => (
          <Column key={message.id} message={message} index={index} comparison={comparison} isActive={message.id === active.id} isLast={isLast} />
        ))}
      </div>
      {messages.length === 2 ? <VoteBar comparison={comparison} isRunning={isRunning} isLast={isLast} /> : null}
      {isRunning || (isBlind && !isRevealed) ? null : (
        <Button size="sm" variant="ghost" className="self-center text-muted" onPress={() => openColumns(id, false)}>
          <ChevronsDownUp aria-hidden size={15} />
          {t("compare.close")}
        </Button>
      )}
    </section>
  );
});

function Tab({ message, index, isShown, onShow }: { message: Message; index: number; isShown: boolean; onShow: () => void }) {
  const name = useColumnName(message, index);
  return (
    <button
      type="button"
      aria-current={isShown}
      onClick={onShow}
      className={`min-h-9 min-w-0 flex-1 truncate rounded-lg border px-2.5 text-sm pointer-coarse:min-h-11 ${isShown ? "border-accent bg-accent-soft font-medium text-accent" : "border-border text-muted"}`}
    >
      {name}
    </button>
  );
}
