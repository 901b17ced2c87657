import { Label, ListBox, Select } from "@heroui/react";
import { useTranslation } from "react-i18next";
import type { ImportSource } from "@/api/pending";

export const sourceNames: Record<ImportSource, string> = {
  chatgpt: "ChatGPT",
  claude: "Claude",
  openWebui: "Open WebUI",
  librechat: "LibreChat",
  sangam: "Sangam",
};

const unknown = "auto";

/** Where the chats come from; the server finds out by itself unless told. */
export function SourceChoice({ value, onChange }: { value: ImportSource | undefined; onChange: (source: ImportSource | undefined) => void }) {
  const { t } = useTranslation("transfers");
  const options = [{ id: unknown, name: t("sourceAuto") }, ...Object.entries(sourceNames).map(([id, name]) => ({ id, name }))];
  const choose = (key: unknown) => onChange(key === unknown ? undefined : (key as ImportSource));
  return (
    <Select className="w-full sm:w-64" value={value ?? unknown} onChange={choose}>
      <Label>{t("source")}</Label>
      <Select.Trigger>
        <Select.Value />
        <Select.Indicator />
      </Select.Trigger>
      <Select.Popover>
        <ListBox>
          {options.map(({ id, name }) => (
            <ListBox.Item key={id} id={id} textValue={name}>
              {name}
              <ListBox.ItemIndicator />
            </ListBox.Item>
          ))}
        </ListBox>
      </Select.Popover>
    </Select>
  );
}
