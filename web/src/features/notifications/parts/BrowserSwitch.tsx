import { Switch } from "@heroui/react";
import { useTranslation } from "react-i18next";
import { setBrowserNotifications, useBrowserState } from "../browser";

/** Whether this browser may speak up while nobody looks at the page. */
export function BrowserSwitch() {
  const { t } = useTranslation("notifications");
  const state = useBrowserState();
  if (state === "unsupported") return <p className="text-sm text-muted">{t("browser.unsupported")}</p>;
  return (
    <div className="flex flex-col gap-2">
      <Switch isSelected={state === "on"} isDisabled={state === "blocked"} onChange={(isOn) => void setBrowserNotifications(isOn)}>
        <Switch.Content>
          <Switch.Control>
            <Switch.Thumb />
          </Switch.Control>
          <span>
            <span className="block">{t("browser.label")}</span>
            <span className="block font-normal text-muted">{t("browser.text")}</span>
          </span>
        </Switch.Content>
      </Switch>
      {state === "blocked" ? <p className="text-sm text-danger">{t("browser.blocked")}</p> : null}
    </div>
  );
}
