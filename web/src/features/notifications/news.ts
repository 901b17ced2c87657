// What is new is gathered for a moment and then said once: a phone that slept hears of the night in one
// sentence, and of several tabs one speaks.
import type { Notification } from "@/api/types";

/** What comes together within so long is one piece of news. */
export const gatherMs = 600;
/** A hidden tab lets a tab that is looked at speak first. */
export const yieldMs = 1_800;

export class News {
  private held: Notification[] = [];
  private timer: ReturnType<typeof setTimeout> | null = null;

  /** `say` is called with at least one; `isHidden` says whether nobody looks at this tab. */
  constructor(
    private readonly say: (news: Notification[]) => void,
    private readonly isHidden: () => boolean,
  ) {}

  add(news: readonly Notification[]): void {
    if (news.length === 0) return;
    const ids = new Set(news.map(({ id }) => id));
    this.held = [...news, ...this.held.filter(({ id }) => !ids.has(id))];
    this.timer ??= setTimeout(() => this.flush(), this.isHidden() ? yieldMs : gatherMs);
  }

  /** Another tab has said them, or they have been read meanwhile. */
  drop(ids: readonly string[]): void {
    this.held = this.held.filter(({ id }) => !ids.includes(id));
  }

  stop(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.held = [];
  }

  private flush(): void {
    const news = this.held;
    this.timer = null;
    this.held = [];
    if (news.length > 0) this.say(news);
  }
}
