import { Button, Label, TextArea, TextField } from "@heroui/react";
import { useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types";
import { type Opinion, rate } from "@/features/chats/votes";

interface ReasonFormProps {
  message: Message;
  opinion: Opinion;
  onClose: () => void;
}

const longest = 2_000;

/** Asks why; the vote is counted whether it is answered or not. */
export default function ReasonForm({ message, opinion, onClose }: ReasonFormProps) {
  const { t } = useTranslation("chats");
  const client = useQueryClient();
  const [reason, setReason] = useState(message.vote?.reason ?? "");
  const save = () => {
    onClose();
    void rate(client, message, opinion, reason.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    save();
  };
  return (
    <div className="flex flex-col gap-3">
      <TextField fullWidth value={reason} onChange={setReason} maxLength={longest}>
        <Label>{t(opinion === "up" ? "vote.whyUp" : "vote.whyDown")}</Label>
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus */}
        <TextArea rows={3} autoFocus onKeyDown={onKeyDown} className="max-h-40 min-h-20 resize-y [field-sizing:content]" />
      </TextField>
      <div className="flex items-center justify-between gap-2">
        <p className="text-xs text-muted">{t("vote.counted")}</p>
        <Button size="sm" isDisabled={reason.trim() === ""} onPress={save}>
          {t("save")}
        </Button>
      </div>
    </div>
  );
}
