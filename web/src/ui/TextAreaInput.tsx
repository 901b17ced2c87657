import { Description, FieldError, Label, TextArea, TextField } from "@heroui/react";
import type { ReactNode } from "react";
import { type Control, type FieldPath, type FieldValues, useController } from "react-hook-form";
import { fieldText } from "./form";

interface TextAreaInputProps<Values extends FieldValues> {
  control: Control<Values, unknown, FieldValues>;
  name: FieldPath<Values>;
  label: string;
  description?: ReactNode;
}

/** A labelled text of several lines bound to a form's field, its error said beside it. */
export function TextAreaInput<Values extends FieldValues>({ control, name, label, description }: TextAreaInputProps<Values>) {
  const { field: { ref, ...field }, fieldState } = useController({ control, name });
  const message = fieldState.error?.message;
  return (
    <TextField
      fullWidth
      name={field.name}
      value={field.value ?? ""}
      onChange={field.onChange}
      onBlur={field.onBlur}
      isInvalid={fieldState.invalid}
      validationBehavior="aria"
    >
      <Label>{label}</Label>
      <TextArea ref={ref} rows={3} className="max-h-60 min-h-20 resize-y [field-sizing:content]" />
      {description ? <Description>{description}</Description> : null}
      <FieldError>{message ? fieldText(message) : null}</FieldError>
    </TextField>
  );
}
