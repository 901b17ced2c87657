import i18next from "i18next";
import { currentLocale } from ".";

/** A date and time, such as "22 Nov 2026, 19:30". */
export function formatDateTime(iso: string): string {
  return new Intl.DateTimeFormat(intlLocale(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(iso));
}

/** A date alone, such as "22 Nov 2026". */
export function formatDate(iso: string): string {
  return new Intl.DateTimeFormat(intlLocale(), { dateStyle: "medium" }).format(new Date(iso));
}

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** How long ago, such as "3 hours ago"; after a week the date. */
export function formatAgo(iso: string, now: number = Date.now()): string {
  const age = now - new Date(iso).getTime();
  const t = i18next.getFixedT(null, "common", "ago");
  if (age < minute) return t("now");
  if (age < hour) return t("minute", { count: Math.floor(age / minute) });
  if (age < day) return t("hour", { count: Math.floor(age / hour) });
  if (age < 7 * day) return t("day", { count: Math.floor(age / day) });
  return formatDate(iso);
}

/** A number with the grouping of the language. */
export function formatNumber(value: number, options?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(intlLocale(), options).format(value);
}

// Roman-script Hindi has no data in every browser; Indian English has its dates and grouping.
function intlLocale(): string {
  return currentLocale() === "en" ? "en" : "en-IN";
}
