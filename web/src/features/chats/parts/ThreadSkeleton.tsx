import { Skeleton } from "@heroui/react";

/** The shape of a chat that is being fetched; shown only when that takes a while. */
export function ThreadSkeleton() {
  return (
    <div aria-hidden className="min-h-0 flex-1 overflow-hidden px-4 pt-12 md:px-6">
      <div className="mx-auto flex max-w-column animate-[appear_1ms_250ms_backwards] flex-col gap-4">
        <Skeleton className="h-11 w-3/5 self-end rounded-2xl" />
        <Skeleton className="h-4 w-full rounded-md" />
        <Skeleton className="h-4 w-11/12 rounded-md" />
        <Skeleton className="h-4 w-4/5 rounded-md" />
        <Skeleton className="mt-6 h-11 w-2/5 self-end rounded-2xl" />
        <Skeleton className="h-4 w-full rounded-md" />
        <Skeleton className="h-4 w-2/3 rounded-md" />
      </div>
    </div>
  );
}
