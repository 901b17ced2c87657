/** Marigold, the colour of what is live. */
export function LiveDot({ className = "" }: { className?: string }) {
  return (
    <span aria-hidden className={`relative inline-flex size-2 shrink-0 ${className}`}>
      <span className="absolute inset-0 animate-ping rounded-full bg-marigold opacity-60 [animation-duration:1.6s]" />
      <span className="relative size-2 rounded-full bg-marigold" />
    </span>
  );
}
