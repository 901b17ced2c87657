import { Button, Description, FieldError, Input, Label, TextArea, TextField } from "@heroui/react";
import { useTranslation } from "react-i18next";
import { efforts, mostStops, type NumberField, numberIn, type ParamsForm, ranges, stopsIn, toForm } from "@/features/chats/params";
import { Segmented } from "@/ui/Segmented";

interface ParamsFieldsProps {
  form: ParamsForm;
  onChange: (form: ParamsForm) => void;
  /** Where a heading stands above it already, it has none of its own. */
  isTitled?: boolean;
}

/** The form of a chat's parameters. */
export default function ParamsFields({ form, onChange, isTitled = true }: ParamsFieldsProps) {
  const { t } = useTranslation("chats");
  const number = (field: NumberField, label: string, text: string) => (
    <NumberText field={field} label={label} text={text} value={form[field]} onChange={(value) => onChange({ ...form, [field]: value })} />
  );
  const isTooMany = stopsIn(form.stop) === undefined;
  return (
    <div className="flex flex-col gap-4">
      {isTitled ? (
        <div className="flex items-center justify-between">
          <h2 className="text-base font-semibold">{t("params.title")}</h2>
          <Button size="sm" variant="ghost" onPress={() => onChange(toForm({}))}>
            {t("params.reset")}
          </Button>
        </div>
      ) : null}
      <TextField fullWidth value={form.systemPrompt} onChange={(systemPrompt) => onChange({ ...form, systemPrompt })}>
        <Label>{t("params.systemPrompt")}</Label>
        <TextArea rows={3} maxLength={32_000} className="max-h-48 min-h-20 resize-y [field-sizing:content]" />
        <Description>{t("params.systemPromptText")}</Description>
      </TextField>
      <div className="grid grid-cols-2 gap-3">
        {number("temperature", t("params.temperature"), t("params.temperatureText"))}
        {number("topP", t("params.topP"), t("params.topPText"))}
      </div>
      {number("maxTokens", t("params.maxTokens"), t("params.maxTokensText"))}
      <TextField fullWidth value={form.stop} onChange={(stop) => onChange({ ...form, stop })} isInvalid={isTooMany}>
        <Label>{t("params.stop")}</Label>
        <TextArea rows={1} placeholder={t("params.default")} className="max-h-32 min-h-10 resize-none font-mono text-sm [field-sizing:content]" />
        {isTooMany ? <FieldError>{t("params.stopTooMany", { most: mostStops })}</FieldError> : <Description>{t("params.stopText")}</Description>}
      </TextField>
      <div>
        <Segmented
          label={t("params.effort")}
          isLabelShown
          value={form.effort}
          options={[{ value: "", label: t("params.effortDefault") }, ...efforts.map((effort) => ({ value: effort as string, label: t(`params.${effort}`) }))]}
          onChange={(effort) => onChange({ ...form, effort })}
        />
        <p className="mt-1 text-xs text-muted">{t("params.effortText")}</p>
      </div>
    </div>
  );
}

interface NumberTextProps {
  field: NumberField;
  label: string;
  text: string;
  value: string;
  onChange: (value: string) => void;
}

function NumberText({ field, label, text, value, onChange }: NumberTextProps) {
  const { t } = useTranslation("chats");
  const isWrong = numberIn(field, value) === undefined;
  const { least, most } = ranges[field];
  return (
    <TextField fullWidth value={value} onChange={onChange} isInvalid={isWrong} inputMode="decimal" autoComplete="off">
      <Label>{label}</Label>
      <Input placeholder={t("params.default")} />
      {isWrong ? <FieldError>{t("params.outOfRange", { least, most })}</FieldError> : <Description>{text}</Description>}
    </TextField>
  );
}
