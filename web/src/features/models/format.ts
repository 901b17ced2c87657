import { formatNumber } from "@/i18n/format";

/** A number of tokens as makers write it: 128K, 1M. */
export function contextLabel(tokens: number): string {
  const isBinary = tokens % 1000 !== 0;
  const thousand = isBinary ? 1024 : 1000;
  const isMillions = tokens >= thousand * thousand;
  const value = tokens / (isMillions ? thousand * thousand : thousand);
  return `${formatNumber(value, { maximumFractionDigits: value < 10 ? 1 : 0 })}${isMillions ? "M" : "K"}`;
}

/** Micro-dollars as dollars, with as many digits as the amount needs. */
export function moneyLabel(microusd: number): string {
  const dollars = microusd / 1_000_000;
  const digits = dollars === 0 || dollars >= 0.1 ? 2 : Math.min(6, 1 - Math.floor(Math.log10(dollars)));
  return formatNumber(dollars, { style: "currency", currency: "USD", minimumFractionDigits: 2, maximumFractionDigits: digits });
}
