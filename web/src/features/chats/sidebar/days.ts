// Days of the person's own time zone, as date fields have them, against times of the API; pure.

/** Midnight at which the day begins; undefined for none. */
export function startOf(day: string, later = 0): string | undefined {
  const parts = /^(\d{4,})-(\d\d)-(\d\d)$/.exec(day);
  if (!parts) return undefined;
  const [, year, month, date] = parts.map(Number);
  return new Date(year ?? 0, (month ?? 1) - 1, (date ?? 1) + later).toISOString();
}

/** The midnight that ends the day: times before it are in. */
export function dayAfter(day: string): string | undefined {
  return startOf(day, 1);
}

function two(part: number): string {
  return String(part).padStart(2, "0");
}

/** The day a time is in, `later` days on; empty for none. */
export function dayOf(time: string | undefined, later = 0): string {
  if (time === undefined) return "";
  const date = new Date(time);
  date.setDate(date.getDate() + later);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}
