// The rules of the account forms; each message is a key of `common:fields`.
import { z } from "@/ui/form";

const maxNameLength = 100;
const minPasswordLength = 8;
const maxPasswordBytes = 1024;

/** How many characters a person sees, however they were typed. */
export function passwordLength(password: string): number {
  return [...password.normalize("NFC")].length;
}

function passwordBytes(password: string): number {
  return new TextEncoder().encode(password.normalize("NFC")).length;
}

export const nameRule = z.string().trim().min(1, "name_required").max(maxNameLength, "name_length");

export const emailRule = z.string().trim().min(1, "email_required").pipe(z.email("email_format"));

export const newPasswordRule = z
  .string()
  .refine((password) => password.length > 0, { error: "password_required", abort: true })
  .refine((password) => passwordLength(password) >= minPasswordLength, { error: "too_short", abort: true })
  .refine((password) => passwordBytes(password) <= maxPasswordBytes, "too_long");

// A password that exists may be older than today's rules.
export const currentPasswordRule = z.string().min(1, "password_required");

export const signInSchema = z.object({ email: emailRule, password: currentPasswordRule });
export const registerSchema = z.object({ name: nameRule, email: emailRule, password: newPasswordRule });
export const resetSchema = z.object({ password: newPasswordRule });
export const passwordSchema = z.object({ currentPassword: currentPasswordRule, newPassword: newPasswordRule });
export const deleteSchema = z.object({ password: currentPasswordRule });

/** The profile form of somebody whose e-mail is `email`: another one asks for the password. */
export function profileSchema(email: string) {
  return z
    .object({ name: nameRule, email: emailRule, currentPassword: z.string() })
    .refine((profile) => profile.email === email || profile.currentPassword !== "", {
      path: ["currentPassword"],
      error: "password_required",
    });
}
