import { Link, Outlet } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { Brand } from "@/ui/Brand";
import { Confluence } from "./parts/Confluence";
import { LookSwitches } from "./parts/LookSwitches";

/** The frame of the pages for those not signed in: the form, and on wide screens a picture beside it. */
export function GateLayout() {
  const { t } = useTranslation("account");
  return (
    <div className="grid min-h-dvh lg:grid-cols-[minmax(26rem,5fr)_6fr]">
      <div className="flex min-h-dvh flex-col px-6 py-6 sm:px-10">
        <header>
          <Link to="/" className="inline-flex items-center rounded-md pointer-coarse:min-h-11">
            <Brand />
          </Link>
        </header>
        <main id="content" className="mx-auto flex w-full max-w-sm flex-1 flex-col justify-center py-10">
          <Outlet />
        </main>
        <footer>
          <LookSwitches isCompact />
        </footer>
      </div>
      <aside className="relative hidden overflow-hidden border-s border-border bg-surface-secondary lg:block">
        <Confluence className="absolute inset-0 size-full" />
        <p className="absolute bottom-10 left-10 max-w-[calc(50%-7rem)] font-heading text-2xl leading-snug text-balance">{t("tagline")}</p>
      </aside>
    </div>
  );
}
