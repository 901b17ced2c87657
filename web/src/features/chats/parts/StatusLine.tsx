import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message, MessageStatus } from "@/api/types";
import { useStreamed } from "@/features/chats/streams/useStream";

/** Says when an answer begins and how it ended, to those who hear the page; never the text itself. */
export function StatusLine({ message }: { message: Message | undefined }) {
  return (
    <div role="status" className="sr-only">
      {message?.role === "assistant" ? <Spoken key={message.id} message={message} /> : null}
    </div>
  );
}

function Spoken({ message: row }: { message: Message }) {
  const { t } = useTranslation("chats");
  const { status } = useStreamed(row).message;
  const before = useRef<MessageStatus>(status);
  const [said, setSaid] = useState(status === "streaming" ? t("ended.started") : "");
  useEffect(() => {
    if (before.current === status) return;
    before.current = status;
    setSaid(t(status === "streaming" ? "ended.started" : `ended.${status}`));
  }, [status, t]);
  return said;
}
