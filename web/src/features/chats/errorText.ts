import i18next from "i18next";
import type { MessageError } from "./streams/events";

/** Codes whose sentence says less than the server's own words, which are added then. */
const needDetail = ["upstream_refused", "upstream_failed", "upstream_protocol"];

/** Why an answer failed, in the reader's language where its code is known. */
export function errorText({ code, detail }: Pick<MessageError, "code" | "detail">): string {
  const key = `errors.${code}`;
  if (!i18next.exists(key, { ns: "chats" })) return detail;
  const text = String(i18next.t(key as never, { ns: "chats" }));
  return needDetail.includes(code) && detail ? `${text} ${detail}` : text;
}
