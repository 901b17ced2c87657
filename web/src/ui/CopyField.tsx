import { Button, Input, Label, TextField } from "@heroui/react";
import { Check, Copy } from "lucide-react";
import { useTranslation } from "react-i18next";
import { useCopy } from "./useCopy";

/** A value to be carried elsewhere: shown whole, selected on focus, copied by a button. */
export function CopyField({ label, value, copyLabel }: { label: string; value: string; copyLabel: string }) {
  const { t } = useTranslation();
  const { isCopied, copy } = useCopy();
  return (
    <TextField fullWidth isReadOnly value={value}>
      <Label>{label}</Label>
      <div className="flex gap-2">
        <Input className="min-w-0 flex-1 font-mono text-xs sm:text-xs" onFocus={(event) => event.currentTarget.select()} />
        <Button variant="outline" onPress={() => void copy(value)}>
          {isCopied ? <Check aria-hidden /> : <Copy aria-hidden />}
          {isCopied ? t("copied") : copyLabel}
        </Button>
      </div>
    </TextField>
  );
}
