import { Dropdown, Header, Label, Separator } from "@heroui/react";
import { useRouter } from "@tanstack/react-router";
import { ChevronsUpDown, Keyboard, LogOut, type LucideIcon, Settings, Shield } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api/session";
import { currentLocale, locales, setLocale } from "@/i18n";
import { setTheme, themes, useTheme } from "@/theme/theme";
import { useLayout } from "./layout";
import { useSignOut } from "./useSignOut";

/** Who is signed in, and what concerns that person: settings, appearance, language, sign out. */
export function AccountMenu({ onNavigate }: { onNavigate?: () => void }) {
  const { t } = useTranslation("shell");
  const me = useMe();
  const router = useRouter();
  const signOut = useSignOut();
  const set = useLayout((layout) => layout.set);
  const act = (key: string) => {
    if (key === "signOut") return signOut();
    onNavigate?.();
    if (key === "settings") void router.navigate({ to: "/settings" });
    if (key === "admin") void router.navigate({ to: "/admin" });
    if (key === "shortcuts") set({ isShortcutListOpen: true });
  };
  return (
    <Dropdown>
      <Dropdown.Trigger
        aria-label={t("accountMenu", { name: me.name })}
        className="flex w-full items-center gap-3 rounded-lg px-2 py-1.5 text-start hover:bg-default data-pressed:transform-none"
      >
        <span aria-hidden className="grid size-8 shrink-0 place-items-center rounded-lg bg-accent-soft text-xs font-semibold text-accent-soft-foreground">
          {initials(me.name)}
        </span>
        <span className="min-w-0 flex-1 leading-tight">
          <span className="block truncate text-sm font-medium">{me.name}</span>
          <span className="block truncate text-xs text-muted">{me.email}</span>
        </span>
        <ChevronsUpDown aria-hidden size={16} className="shrink-0 text-muted" />
      </Dropdown.Trigger>
      <Dropdown.Popover placement="top start" className="w-64 max-w-none">
        <Dropdown.Menu aria-label={t("accountMenu", { name: me.name })} onAction={(key) => act(String(key))}>
          <Dropdown.Section>
            <Item id="settings" icon={Settings} label={t("settings")} />
            {me.role === "admin" ? <Item id="admin" icon={Shield} label={t("administration")} /> : null}
            <Item id="shortcuts" icon={Keyboard} label={t("keyboardShortcuts")} />
          </Dropdown.Section>
          <Separator />
          <AppearanceSection />
          <Separator />
          <LanguageSection />
          <Separator />
          <Dropdown.Section>
            <Item id="signOut" icon={LogOut} label={t("signOut")} />
          </Dropdown.Section>
        </Dropdown.Menu>
      </Dropdown.Popover>
    </Dropdown>
  );
}

function Item({ id, icon: Icon, label }: { id: string; icon: LucideIcon; label: string }) {
  return (
    <Dropdown.Item id={id} textValue={label}>
      <Icon aria-hidden size={16} className="text-muted" />
      <Label>{label}</Label>
    </Dropdown.Item>
  );
}

function AppearanceSection() {
  const { t } = useTranslation("shell");
  const theme = useTheme();
  return (
    <Dropdown.Section selectionMode="single" disallowEmptySelection shouldCloseOnSelect={false} selectedKeys={[`theme-${theme}`]}>
      <Header className="px-2.5 pt-1 text-xs text-muted">{t("appearance")}</Header>
      {themes.map((option) => (
        <Dropdown.Item key={option} id={`theme-${option}`} textValue={t(option)} onAction={() => setTheme(option)}>
          <Dropdown.ItemIndicator />
          <Label>{t(option)}</Label>
        </Dropdown.Item>
      ))}
    </Dropdown.Section>
  );
}

function LanguageSection() {
  const { t } = useTranslation("shell");
  return (
    <Dropdown.Section selectionMode="single" disallowEmptySelection shouldCloseOnSelect={false} selectedKeys={[`locale-${currentLocale()}`]}>
      <Header className="px-2.5 pt-1 text-xs text-muted">{t("language")}</Header>
      {locales.map((locale) => (
        <Dropdown.Item key={locale} id={`locale-${locale}`} textValue={localeNames[locale]} onAction={() => void setLocale(locale)}>
          <Dropdown.ItemIndicator />
          <Label lang={locale}>{localeNames[locale]}</Label>
        </Dropdown.Item>
      ))}
    </Dropdown.Section>
  );
}

const localeNames = { en: "English", "hi-Latn": "Hinglish" };

function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : [words[0]];
  return letters.map((word) => [...(word ?? "")][0] ?? "").join("").toUpperCase();
}
