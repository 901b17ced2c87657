import { useTranslation } from "react-i18next";
import type { Message } from "@/api/types";
import { useModelName } from "./useModelName";

/** Who answered: the model's name, or that a person put it so. */
export function useAnswerName({ modelUsed, modelAsked, editedFromId }: Message): string {
  const { t } = useTranslation("chats");
  const name = useModelName(modelUsed ?? modelAsked);
  return name ?? t(editedFromId === null ? "hiddenModel" : "edit.edited");
}

/** The name above one of several answers; a letter while it is hidden. */
export function useColumnName(message: Message, index: number): string {
  const { t } = useTranslation("chats");
  const name = useAnswerName(message);
  const isHidden = message.modelUsed === null && message.modelAsked === null;
  return isHidden ? t("compare.letter", { letter: "AB".charAt(index) }) : name;
}
