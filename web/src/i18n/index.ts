import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./messages";

/** The languages of the page, as BCP 47 tags. */
export const locales = ["en", "hi-Latn"] as const;
export type Locale = (typeof locales)[number];

const storageKey = "sangam.locale";

function isLocale(value: string | null): value is Locale {
  return locales.some((locale) => locale === value);
}

/** The remembered language; English until another is chosen. */
export function storedLocale(): Locale {
  try {
    const value = localStorage.getItem(storageKey);
    return isLocale(value) ? value : "en";
  } catch {
    return "en";
  }
}

async function load(locale: Locale): Promise<void> {
  if (locale === "en" || i18next.hasResourceBundle(locale, "common")) return;
  const { hiLatn } = await import("./messages.hi-Latn");
  for (const [namespace, messages] of Object.entries(hiLatn)) {
    i18next.addResourceBundle(locale, namespace, messages);
  }
}

/** Switches the page to `locale` and remembers it on this device. */
export async function setLocale(locale: Locale): Promise<void> {
  await load(locale);
  await i18next.changeLanguage(locale);
  document.documentElement.lang = locale;
  try {
    localStorage.setItem(storageKey, locale);
  } catch {
    // Storage is closed: the choice lasts as long as the page.
  }
}

/** The language now shown. */
export function currentLocale(): Locale {
  return isLocale(i18next.language) ? i18next.language : "en";
}

/** Prepares the translations before the first render. */
export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    defaultNS: "common",
    ns: Object.keys(en),
    resources: { en },
    interpolation: { escapeValue: false },
    returnNull: false,
    react: { useSuspense: false },
  });
  const locale = storedLocale();
  if (locale !== "en") await setLocale(locale);
}
