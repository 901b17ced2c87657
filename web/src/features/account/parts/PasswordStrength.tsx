import { type Control, type FieldPath, type FieldValues, useWatch } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { PasswordInput } from "@/ui/PasswordInput";
import { passwordLength } from "../schemas";

const levels = ["short", "fair", "good"] as const;
const colours = { short: "bg-danger", fair: "bg-marigold", good: "bg-success" };

/** Length is what makes a password strong: 8 is the least, 15 the recommendation. */
export function strengthOf(password: string): (typeof levels)[number] {
  const length = passwordLength(password);
  if (length < 8) return "short";
  return length < 15 ? "fair" : "good";
}

interface NewPasswordProps<Values extends FieldValues> {
  control: Control<Values, unknown, FieldValues>;
  name: FieldPath<Values>;
  label: string;
}

/** A field for a new password, with what makes a good one and how far this one is. */
export function NewPassword<Values extends FieldValues>({ control, name, label }: NewPasswordProps<Values>) {
  const { t } = useTranslation("account");
  const password: unknown = useWatch({ control, name });
  return (
    <div className="flex flex-col gap-2">
      <PasswordInput control={control} name={name} label={label} autoComplete="new-password" description={t("passwordHint")} />
      <Strength password={typeof password === "string" ? password : ""} />
    </div>
  );
}

function Strength({ password }: { password: string }) {
  const { t } = useTranslation("account");
  const strength = strengthOf(password);
  const reached = password === "" ? 0 : levels.indexOf(strength) + 1;
  return (
    <div className="flex items-center gap-3">
      <div aria-hidden className="grid flex-1 grid-cols-3 gap-1">
        {levels.map((level, index) => (
          <div key={level} className={`h-1 rounded-full ${index < reached ? colours[strength] : "bg-default"}`} />
        ))}
      </div>
      <p className="min-h-4 text-xs text-muted" aria-live="polite">
        {reached > 0 ? t(`strength.${strength}`) : null}
      </p>
    </div>
  );
}
