import { Monitor, Moon, Sun } from "lucide-react";
import { useTranslation } from "react-i18next";
import { currentLocale, type Locale, setLocale } from "@/i18n";
import { setTheme, type Theme, useTheme } from "@/theme/theme";
import { Segmented } from "@/ui/Segmented";

const themeIcons = { light: Sun, dark: Moon, system: Monitor };

/** Language and appearance, kept on this device; compact is without words where a sign will do. */
export function LookSwitches({ isCompact = false }: { isCompact?: boolean }) {
  return (
    <div className="flex flex-wrap gap-x-4 gap-y-4">
      <LanguageSwitch isCompact={isCompact} />
      <ThemeSwitch isCompact={isCompact} />
    </div>
  );
}

function LanguageSwitch({ isCompact }: { isCompact: boolean }) {
  const { t } = useTranslation("account");
  return (
    <Segmented<Locale>
      label={t("language")}
      isLabelShown={!isCompact}
      value={currentLocale()}
      onChange={(locale) => void setLocale(locale)}
      options={[
        { value: "en", label: "English", lang: "en" },
        { value: "hi-Latn", label: "Hinglish", lang: "hi-Latn" },
      ]}
    />
  );
}

function ThemeSwitch({ isCompact }: { isCompact: boolean }) {
  const { t } = useTranslation("account");
  const theme = useTheme();
  const option = (value: Theme) => ({ value, label: t(`themes.${value}`), icon: themeIcons[value] });
  return (
    <Segmented<Theme>
      label={t("theme")}
      isLabelShown={!isCompact}
      isIconOnly={isCompact}
      value={theme}
      onChange={setTheme}
      options={[option("light"), option("dark"), option("system")]}
    />
  );
}
