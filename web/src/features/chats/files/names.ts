/** The name for a pasted text or picture, which has none of its own. */
export function pastedName(mediaType: string, now: Date): string {
  const stamp = now.toISOString().slice(0, 19).replaceAll(/[T:]/g, "-");
  const ending = mediaType.startsWith("image/") ? (mediaType.slice(6).split("+")[0] ?? "png").replace("jpeg", "jpg") : "txt";
  return `pasted-${stamp}.${ending}`;
}
