// The one way from a refused form to the words beside its fields.
import { zodResolver } from "@hookform/resolvers/zod";
import i18next from "i18next";
import type { DefaultValues, FieldPath, FieldValues, UseFormReturn } from "react-hook-form";
import { useForm } from "react-hook-form";
import { z } from "zod";
import { asProblem, type FieldProblem, type Problem } from "@/api/problem";
import { problemText } from "./problemText";

// zod would compile its checks with `new Function`, which the content security policy forbids.
z.config({ jitless: true });

export { z };

/** A form whose rules are a zod object; their messages are keys of `common:fields`. */
export function useZodForm<Schema extends z.ZodType<FieldValues, FieldValues>>(
  schema: Schema,
  defaultValues: DefaultValues<z.input<Schema>>,
): UseFormReturn<z.input<Schema>, unknown, z.output<Schema>> {
  return useForm<z.input<Schema>, unknown, z.output<Schema>>({
    resolver: zodResolver(schema),
    defaultValues,
    // Not on blur: a message that appears while the mouse goes down moves the button away from it.
    mode: "onSubmit",
    reValidateMode: "onChange",
    shouldFocusError: true,
  });
}

/** The sentence of a field's message: ours for a known key, else the text as it is. */
export function fieldText(message: string): string {
  const key = `fields.${message}`;
  return i18next.exists(key, { ns: "common" }) ? String(i18next.t(key as never, { ns: "common" })) : message;
}

/** The field a problem without field errors speaks of. */
const fieldOfCode: Record<string, string> = { email_taken: "email" };

/**
 * Puts a failed call's field errors beside their fields and the focus into the first of them.
 * Returns what remains to be said above the form, or null when the fields say it all.
 */
export function applyProblem<Values extends FieldValues>(
  form: Pick<UseFormReturn<Values, unknown, FieldValues>, "setError">,
  fields: readonly FieldPath<Values>[],
  error: unknown,
): string | null {
  const problem = asProblem(error);
  const told = problem.errors.length > 0 ? problem.errors : toldByCode(problem);
  const known = told.flatMap(({ field, code, detail }) => {
    const name = fields.find((candidate) => candidate === field);
    return name === undefined ? [] : [{ name, message: messageOf(field, code) ?? detail }];
  });
  const order = known.toSorted((a, b) => fields.indexOf(a.name) - fields.indexOf(b.name));
  order.forEach(({ name, message }, index) => {
    form.setError(name, { type: "server", message }, { shouldFocus: index === 0 });
  });
  const isComplete = known.length > 0 && known.length === told.length;
  return isComplete ? null : problemText(problem);
}

function toldByCode(problem: Problem): FieldProblem[] {
  const field = fieldOfCode[problem.code];
  return field === undefined ? [] : [{ field, code: problem.code, detail: problem.message }];
}

/** Our key for a refusal: one for this field, else one for any, else none. */
function messageOf(field: string, code: string): string | undefined {
  return [`${field}_${code}`, code].find((key) => i18next.exists(`fields.${key}`, { ns: "common" }));
}
