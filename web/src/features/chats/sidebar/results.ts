import type { KeyboardEvent } from "react";

/** Arrow keys go from the search field through the results and back; Enter in the field opens the first. */
export function moveInResults(event: KeyboardEvent<HTMLElement>): void {
  const { currentTarget: box, target, key } = event;
  const links = [...box.querySelectorAll<HTMLElement>("[data-result]")];
  const field = box.querySelector<HTMLElement>("input[type=search]");
  const at = links.indexOf(target as HTMLElement);
  const isField = target === field;
  if (!isField && at < 0) return;
  if (isField && key === "Enter") {
    event.preventDefault();
    links[0]?.click();
  }
  if (key !== "ArrowDown" && key !== "ArrowUp") return;
  event.preventDefault();
  const next = key === "ArrowDown" ? at + 1 : at - 1;
  (next < 0 ? field : links[Math.min(next, links.length - 1)])?.focus();
}
