import i18next from "i18next";
import { asProblem } from "@/api/problem";

/**
 * What to tell the person about a failed call, in their language: our sentence for its code, else
 * the server's own (English), else the general one.
 */
export function problemText(error: unknown): string {
  const problem = asProblem(error);
  const key = `problems.${problem.code}`;
  if (problem.code !== "unknown" && i18next.exists(key, { ns: "common" })) {
    return String(i18next.t(key as never, { ns: "common" }));
  }
  return problem.detail ?? i18next.t("problems.unknown", { ns: "common" });
}
