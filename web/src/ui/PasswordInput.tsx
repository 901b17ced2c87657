import { Description, FieldError, InputGroup, Label, TextField } from "@heroui/react";
import { Eye, EyeOff } from "lucide-react";
import { type ReactNode, useState } from "react";
import { type Control, type FieldPath, type FieldValues, useController } from "react-hook-form";
import { useTranslation } from "react-i18next";
import { fieldText } from "./form";

interface PasswordInputProps<Values extends FieldValues> {
  control: Control<Values, unknown, FieldValues>;
  name: FieldPath<Values>;
  label: string;
  autoComplete: "current-password" | "new-password";
  description?: ReactNode;
  autoFocus?: boolean;
}

/** A password field that can be read: seeing what one types prevents more harm than it does. */
export function PasswordInput<Values extends FieldValues>(props: PasswordInputProps<Values>) {
  const { t } = useTranslation();
  const [isShown, setShown] = useState(false);
  const { field: { ref, ...field }, fieldState } = useController({ control: props.control, name: props.name });
  const message = fieldState.error?.message;
  return (
    <TextField
      fullWidth
      name={field.name}
      type={isShown ? "text" : "password"}
      autoComplete={props.autoComplete}
      value={field.value ?? ""}
      onChange={field.onChange}
      onBlur={field.onBlur}
      isInvalid={fieldState.invalid}
      validationBehavior="aria"
    >
      <Label>{props.label}</Label>
      <InputGroup fullWidth>
        <InputGroup.Input ref={ref} autoFocus={props.autoFocus} spellCheck={false} autoCapitalize="none" />
        <InputGroup.Suffix className="border-0 ps-0 pe-1">
          <button
            type="button"
            className="grid size-8 cursor-pointer place-items-center rounded-md text-muted hover:text-foreground focus-visible:outline-2 focus-visible:outline-focus pointer-coarse:size-11"
            aria-label={isShown ? t("hidePassword") : t("showPassword")}
            aria-pressed={isShown}
            onClick={() => setShown(!isShown)}
          >
            {isShown ? <EyeOff aria-hidden size={17} /> : <Eye aria-hidden size={17} />}
          </button>
        </InputGroup.Suffix>
      </InputGroup>
      {props.description ? <Description>{props.description}</Description> : null}
      <FieldError>{message ? fieldText(message) : null}</FieldError>
    </TextField>
  );
}
