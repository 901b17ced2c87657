import { Button, Popover } from "@heroui/react";
import { useQuery } from "@tanstack/react-query";
import { Bell as BellIcon } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { formatNumber } from "@/i18n/format";
import { ButtonLink } from "@/ui/ButtonLink";
import { latestQuery } from "./queries";

const Peek = lazy(() => import("./parts/Peek"));

const most = 99;

function useBell(): { label: string; count: number } {
  const { t } = useTranslation("notifications");
  const { data } = useQuery(latestQuery);
  const count = data?.unreadCount ?? 0;
  return { label: count === 0 ? t("title") : t("bell", { count }), count };
}

function Sign({ count }: { count: number }) {
  return (
    <>
      <BellIcon aria-hidden />
      {count > 0 ? (
        <span aria-hidden className="absolute end-0.5 top-0.5 min-w-4 rounded-full bg-marigold px-1 text-center text-[0.6875rem] leading-4 font-semibold text-marigold-foreground tabular-nums">
          {count > most ? `${most}+` : formatNumber(count)}
        </span>
      ) : null}
    </>
  );
}

/** How many notifications wait, and a look at them. */
export function Bell({ className = "", size = "md" }: { className?: string; size?: "sm" | "md" }) {
  const [isOpen, setOpen] = useState(false);
  const { label, count } = useBell();
  return (
    <Popover isOpen={isOpen} onOpenChange={setOpen}>
      <Button isIconOnly variant="ghost" size={size} aria-label={label} className={`relative ${className}`}>
        <Sign count={count} />
      </Button>
      {/* Without a dialog inside it the popover is one itself, and with it the button that closes it for screen readers. */}
      <Popover.Content placement="bottom start" className="w-[min(25rem,calc(100vw-1rem))] p-0">
        <Suspense fallback={<div className="h-80" />}>{isOpen ? <Peek onClose={() => setOpen(false)} /> : null}</Suspense>
      </Popover.Content>
    </Popover>
  );
}

/** The same on a phone, where it leads to the page. */
export function BellLink({ className = "" }: { className?: string }) {
  const { label, count } = useBell();
  return (
    <ButtonLink to="/notifications" variant="ghost" isIconOnly aria-label={label} className={`relative ${className}`}>
      <Sign count={count} />
    </ButtonLink>
  );
}
