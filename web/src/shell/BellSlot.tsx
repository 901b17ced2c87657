import { type ComponentProps, lazy, Suspense } from "react";

const Bell = lazy(() => import("@/features/notifications/Bell").then((bell) => ({ default: bell.Bell })));
const BellLink = lazy(() => import("@/features/notifications/Bell").then((bell) => ({ default: bell.BellLink })));

/** Room for the bell, which comes a moment after the shell. */
export function BellSlot({ className = "", ...props }: ComponentProps<typeof Bell>) {
  return (
    <Suspense fallback={<span className={`size-9 shrink-0 ${className}`} />}>
      <Bell {...props} className={className} />
    </Suspense>
  );
}

/** The same for the link of phones. */
export function BellLinkSlot({ className = "" }: { className?: string }) {
  return (
    <Suspense fallback={<span className={`size-11 shrink-0 ${className}`} />}>
      <BellLink className={className} />
    </Suspense>
  );
}
