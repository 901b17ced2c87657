import { describe, expect, it } from "vitest";
import type { Folder } from "@/api/types";
import { pathOf, treeOf, within } from "./folders";
import { belongs, folded, type ListFilter, settleChat } from "./list";
import { pieces, titlesWith } from "./search";
import { dayRows, folderRows } from "./sidebar/rows";
import { anEntry, at } from "./testing";

const folder = (id: string, name: string, parentId: string | null = null): Folder => ({ id, name, parentId, chatCount: 0, createdAt: at(0) });
const folders = [folder("b", "Beta"), folder("a", "alpha"), folder("x", "Item 10", "a"), folder("y", "Item 9", "a"), folder("z", "Deep", "y"), folder("o", "Orphan", "gone")];

describe("folders", () => {
  it("stand by name under their parents, those of closed ones left out", () => {
    const shown = (open: string[]) => treeOf(folders, (id) => open.includes(id)).map(({ folder: { id }, depth }) => `${id}${depth}`).join(" ");
    expect(shown([])).toBe("a0 b0 o0");
    expect(shown(["a", "z"])).toBe("a0 y1 x1 b0 o0");
    expect(shown(["a", "y"])).toBe("a0 y1 z2 x1 b0 o0");
  });

  it("know what is within them and where they are", () => {
    expect([...within(folders, "a")].toSorted()).toEqual(["a", "x", "y", "z"]);
    expect(pathOf(folders, "z")).toEqual(["alpha", "Item 9", "Deep"]);
    expect(pathOf([folder("p", "P", "q"), folder("q", "Q", "p")], "p")).toEqual(["Q", "P"]);
  });
});

describe("the rows of the list", () => {
  const page = (ids: string[], nextCursor: string | null = null) => [{ items: ids.map((id) => anEntry({ id })), nextCursor }];
  const keys = (inside: Map<string, ReturnType<typeof page> | undefined>) => folderRows(folders, inside).map(({ key }) => key).join(" ");

  it("are folders with their own folders before their chats", () => {
    expect(keys(new Map())).toBe("a b o");
    expect(keys(new Map([["a", page(["c1", "c2"])], ["y", page(["c3"], "next")]]))).toBe("a y z c3 more y x c1 c2 b o");
  });

  it("say that a folder is empty or on its way", () => {
    expect(keys(new Map([["b", page([])], ["o", undefined]]))).toBe("a b empty b o loading o");
    expect(keys(new Map([["a", page([])]]))).toBe("a y x b o");
  });

  it("are chats under the day, with the way to more", () => {
    expect(dayRows(page(["c1"], "next"), new Date(at(5))).map(({ kind }) => kind)).toEqual(["heading", "chat", "more"]);
  });
});

describe("a filter", () => {
  const chat = anEntry({ title: "Café  ROUTES", folderId: "f", tags: ["work"], model: "m", updatedAt: at(5) });
  it.each<[Partial<ListFilter>, boolean]>([
    [{}, true],
    [{ archived: true }, false],
    [{ folder: "f" }, true],
    [{ folder: "none" }, false],
    [{ tag: "work" }, true],
    [{ tag: "wor" }, false],
    [{ model: "other" }, false],
    [{ from: at(5), to: at(6) }, true],
    [{ to: at(5) }, false],
    [{ from: at(6) }, false],
    [{ q: "cafe rou" }, true],
    [{ q: "coffee" }, false],
  ])("of %j holds the chat: %s", (filter, holds) => {
    expect(belongs({ archived: false, ...filter }, chat)).toBe(holds);
  });

  it("lets a chat in, changes it and lets it go", () => {
    const filter = { archived: false, folder: "none" };
    const pages = [{ items: [anEntry({ id: "a" })], nextCursor: null }];
    const titles = (next: ReturnType<typeof settleChat>) => next.flatMap(({ items }) => items).map(({ id, title }) => `${id}:${title}`);
    expect(titles(settleChat(pages, filter, anEntry({ id: "b", title: "New" })))).toEqual(["b:New", "a:Chat"]);
    expect(titles(settleChat(pages, filter, anEntry({ id: "a", title: "Other" })))).toEqual(["a:Other"]);
    expect(titles(settleChat(pages, filter, anEntry({ id: "a", folderId: "f" })))).toEqual([]);
  });
});

describe("searching", () => {
  it("folds case, accents and spaces", () => {
    expect(folded("  Ñandú \n MARG ")).toBe("nandu marg");
  });

  it("finds titles that hold every word, newest first", () => {
    const chats = [anEntry({ id: "a", title: "Rust and SQL", updatedAt: at(1) }), anEntry({ id: "b", title: "sql for Rustaceans", updatedAt: at(2) }), anEntry({ id: "c", title: "SQL" })];
    expect(titlesWith(chats, "rust SQL").map(({ id }) => id)).toEqual(["b", "a"]);
  });

  it("cuts a snippet at its highlights, counting characters", () => {
    const cut = (snippet: string, highlights: [number, number][]) => pieces(snippet, highlights).map(({ text, isMatch }) => (isMatch ? `[${text}]` : text)).join("");
    expect(cut("a 🌊 river", [[4, 9]])).toBe("a 🌊 [river]");
    expect(cut("one two", [[4, 7], [0, 3]])).toBe("[one] [two]");
    expect(cut("short", [[3, 99]])).toBe("sho[rt]");
    expect(cut("none", [])).toBe("none");
  });
});
