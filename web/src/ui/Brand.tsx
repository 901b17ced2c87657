/** The mark: two streams that become one, and the spark where they meet. */
export function BrandMark({ size = 28 }: { size?: number }) {
  return (
    <svg aria-hidden width={size} height={size} viewBox="0 0 32 32" className="shrink-0">
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <path
        d="M6 9c5.5 0 6.5 7 12 7h4M6 23c5.5 0 6.5-7 12-7"
        fill="none"
        strokeWidth="2.6"
        strokeLinecap="round"
        className="stroke-accent-foreground"
      />
      <circle cx="25" cy="16" r="2.5" className="fill-marigold" />
    </svg>
  );
}

/** The mark with the name. */
export function Brand() {
  return (
    <span className="inline-flex items-center gap-2.5">
      <BrandMark />
      <span className="font-heading text-lg font-semibold tracking-tight">Sangam</span>
    </span>
  );
}
