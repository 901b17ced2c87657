import { describe, expect, it } from "vitest";
import { allChats, grouped, headingKey, mergeFirstPage, patchChat, putChatFirst, removeChat } from "./list";
import { anEntry, at } from "./testing";

const ids = (chats: readonly { id: string }[]) => chats.map(({ id }) => id).join(" ");
const page = (items: ReturnType<typeof anEntry>[], nextCursor: string | null = null) => ({ items, nextCursor });

describe("grouped", () => {
  const now = new Date(2026, 10, 22, 9, 0);
  const on = (month: number, day: number, hour = 12) => new Date(2026, month, day, hour).toISOString();

  it("puts chats under the day, then the month, with the pinned above", () => {
    const groups = grouped(
      [
        anEntry({ id: "a", updatedAt: on(10, 22, 8) }),
        anEntry({ id: "b", updatedAt: on(10, 21, 23) }),
        anEntry({ id: "c", updatedAt: on(10, 15, 1) }),
        anEntry({ id: "d", updatedAt: on(10, 14, 23) }),
        anEntry({ id: "e", updatedAt: on(9, 2) }),
        anEntry({ id: "f", updatedAt: on(9, 1) }),
        anEntry({ id: "p", updatedAt: on(1, 1), pinned: true }),
      ],
      now,
    );
    expect(groups.map(({ heading, chats }) => `${headingKey(heading)}: ${ids(chats)}`)).toEqual([
      "pinned: p",
      "today: a",
      "yesterday: b",
      "week: c",
      "2026-10: d",
      "2026-9: e f",
    ]);
  });

  it("counts a time from a faster clock as today", () => {
    expect(grouped([anEntry({ updatedAt: on(10, 22, 23) })], now)[0]?.heading).toBe("today");
  });
});

describe("pages", () => {
  const a = anEntry({ id: "a", updatedAt: at(3) });
  const b = anEntry({ id: "b", updatedAt: at(2) });
  const c = anEntry({ id: "c", updatedAt: at(1) });

  it("shows a chat once that moved between two pages, newest first", () => {
    expect(ids(allChats([page([b, a]), page([b, c])]))).toBe("a b c");
  });

  it("changes, removes and lifts one chat", () => {
    const pages = [page([a, b], "x"), page([c])];
    expect(patchChat(pages, "b", { title: "New" })[0]?.items[1]?.title).toBe("New");
    expect(patchChat(pages, "b", { title: "New" })[1]).toBe(pages[1]);
    expect(ids(removeChat(pages, "c").flatMap(({ items }) => items))).toBe("a b");
    const lifted = putChatFirst(pages, c);
    expect(ids(lifted.flatMap(({ items }) => items))).toBe("c a b");
    expect(lifted[0]?.nextCursor).toBe("x");
    expect(putChatFirst([], a)).toEqual([page([a])]);
  });

  it("lays a fresh first page over the older ones", () => {
    const fresh = page([anEntry({ id: "n", updatedAt: at(9) }), a], "y");
    const [merged] = mergeFirstPage([page([a, b], "x"), page([c], "end")], fresh);
    expect(merged && ids(merged.items)).toBe("n a b c");
    expect(merged?.nextCursor).toBe("end");
  });

  it("forgets a chat that the fresh page should have held", () => {
    const gone = anEntry({ id: "gone", updatedAt: at(8) });
    const fresh = page([anEntry({ id: "n", updatedAt: at(9) }), a], "y");
    const [merged] = mergeFirstPage([page([gone, a]), page([c])], fresh);
    expect(merged && ids(merged.items)).toBe("n a c");
  });

  it("is not misled by an old pinned chat at the head of the fresh page", () => {
    const pinned = anEntry({ id: "p", updatedAt: at(0), pinned: true });
    const [merged] = mergeFirstPage([page([pinned, a]), page([b, c])], page([pinned, a], "y"));
    expect(merged && ids(merged.items)).toBe("p a b c");
  });
});
