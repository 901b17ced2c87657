import { Description, FieldError, Input, Label, TextField } from "@heroui/react";
import type { ReactNode } from "react";
import { type Control, type FieldPath, type FieldValues, useController } from "react-hook-form";
import { fieldText } from "./form";

interface TextInputProps<Values extends FieldValues> {
  control: Control<Values, unknown, FieldValues>;
  name: FieldPath<Values>;
  label: string;
  description?: ReactNode;
  type?: "text" | "email";
  autoComplete?: string;
  isReadOnly?: boolean;
  autoFocus?: boolean;
}

/** A labelled line of text bound to a form's field, its error said beside it. */
export function TextInput<Values extends FieldValues>(props: TextInputProps<Values>) {
  const { field: { ref, ...field }, fieldState } = useController({ control: props.control, name: props.name });
  const message = fieldState.error?.message;
  return (
    <TextField
      fullWidth
      name={field.name}
      type={props.type ?? "text"}
      autoComplete={props.autoComplete}
      value={field.value ?? ""}
      onChange={field.onChange}
      onBlur={field.onBlur}
      isInvalid={fieldState.invalid}
      isReadOnly={props.isReadOnly}
      validationBehavior="aria"
    >
      <Label>{props.label}</Label>
      {/* The page has one purpose: its first field takes the focus, as on every sign-in page. */}
      <Input ref={ref} autoFocus={props.autoFocus} spellCheck={props.type === "email" ? false : undefined} />
      {props.description ? <Description>{props.description}</Description> : null}
      <FieldError>{message ? fieldText(message) : null}</FieldError>
    </TextField>
  );
}
