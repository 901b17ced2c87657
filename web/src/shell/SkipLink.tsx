import { useTranslation } from "react-i18next";

/** The first stop of the Tab key: past the sidebar, straight to the content. */
export function SkipLink() {
  const { t } = useTranslation("shell");
  return (
    <a
      href="#content"
      className="fixed start-3 top-3 z-50 -translate-y-24 rounded-lg bg-accent px-4 py-2 font-medium text-accent-foreground focus:translate-y-0"
      onClick={(event) => {
        event.preventDefault();
        document.querySelector<HTMLElement>("#content")?.focus();
      }}
    >
      {t("skip")}
    </a>
  );
}
