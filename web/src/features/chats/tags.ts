// Tags as a person types them; pure.
const longest = 40;

/** The most tags of one chat. */
export const mostTags = 20;

/** The tag a text means: without `#`, its spaces tidied, no longer than allowed; empty when it is none. */
export function tagFrom(text: string): string {
  return [...text.replace(/^\s*#+/, "").replaceAll(/\s+/g, " ").trim()].slice(0, longest).join("").trim();
}

/** The tags with that of `text` added, each once whatever its case. */
export function withTag(tags: readonly string[], text: string): string[] {
  const tag = tagFrom(text);
  const isThere = tags.some((held) => held.toLowerCase() === tag.toLowerCase());
  return tag === "" || isThere || tags.length >= mostTags ? [...tags] : [...tags, tag];
}

/** The tags that all of the chats have. */
export function sharedTags(chats: readonly { tags: readonly string[] }[]): string[] {
  const [first, ...others] = chats;
  return (first?.tags ?? []).filter((tag) => others.every(({ tags }) => tags.includes(tag)));
}
