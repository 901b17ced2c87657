import { type ReactNode, useId } from "react";

interface SettingsSectionProps {
  title: string;
  text?: ReactNode;
  children: ReactNode;
}

/** One matter of a settings page: what it is on the left, the controls on the right; stacked on phones. */
export function SettingsSection({ title, text, children }: SettingsSectionProps) {
  const id = useId();
  return (
    <section aria-labelledby={id} className="grid gap-x-10 gap-y-5 border-t border-border py-8 md:grid-cols-[15rem_minmax(0,1fr)]">
      <div>
        <h2 id={id} className="text-base font-semibold">
          {title}
        </h2>
        {text ? <p className="mt-1 text-sm text-pretty text-muted">{text}</p> : null}
      </div>
      <div className="min-w-0 max-w-lg">{children}</div>
    </section>
  );
}

/** The column that settings sections stand in, under the page's title. */
export function SettingsLayout({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="mx-auto w-full max-w-4xl px-5 pt-2 pb-16 md:px-8 md:pt-4">
      <h1 className="mb-8 text-3xl font-semibold">{title}</h1>
      {children}
    </div>
  );
}
