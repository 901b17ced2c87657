/**
 * Where to go after signing in: a path of this page, or undefined. Anything that a browser could
 * read as another site (`//host`, `/\host`, a scheme) is refused.
 */
export function safeNext(value: unknown): string | undefined {
  if (typeof value !== "string" || !value.startsWith("/")) return undefined;
  try {
    const url = new URL(value, "http://page.invalid");
    const isOwn = url.origin === "http://page.invalid";
    return isOwn ? url.pathname + url.search + url.hash : undefined;
  } catch {
    return undefined;
  }
}
