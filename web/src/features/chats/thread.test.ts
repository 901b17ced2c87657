import { describe, expect, it } from "vitest";
import { aChat, aMessage } from "./testing";
import { appendPair, branchOff, mergeThread, prependPage, putMessage, siblings, type Thread } from "./thread";

/** A path m1 ← m2 ← …, of which the messages `from` to `to` are held. */
function path(from: number, to: number, change: Partial<Thread> = {}): Thread {
  const messages = Array.from({ length: to - from + 1 }, (_, offset) => {
    const number = from + offset;
    return aMessage({ id: `m${number}`, parentId: number === 1 ? null : `m${number - 1}` });
  });
  return { chat: aChat(), messages, prevCursor: from > 1 ? `m${from}` : null, ...change };
}

const ids = ({ messages }: Thread) => messages.map(({ id }) => id).join(" ");

describe("mergeThread", () => {
  it("keeps what was paged in above a fresh last page", () => {
    const merged = mergeThread(path(1, 6), path(5, 8));
    expect(ids(merged)).toBe("m1 m2 m3 m4 m5 m6 m7 m8");
    expect(merged.prevCursor).toBeNull();
  });

  it("joins pages that only touch", () => {
    expect(ids(mergeThread(path(3, 4), path(5, 6)))).toBe("m3 m4 m5 m6");
  });

  it("takes the fresh page alone on another path or after a hole", () => {
    const other = path(5, 6);
    other.messages[0] = aMessage({ id: "x5", parentId: "x4" });
    expect(mergeThread(path(1, 6), other)).toBe(other);
    const far = path(9, 10);
    expect(mergeThread(path(1, 4), far)).toBe(far);
    const whole = path(1, 2);
    expect(mergeThread(path(1, 6), whole)).toBe(whole);
    expect(mergeThread(undefined, far)).toBe(far);
  });

  it("follows a branch that leaves the path in the middle", () => {
    const branch = path(4, 5);
    branch.messages = [aMessage({ id: "y4", parentId: "m3" }), aMessage({ id: "y5", parentId: "y4" })];
    expect(ids(mergeThread(path(1, 6), branch))).toBe("m1 m2 m3 y4 y5");
  });
});

describe("prependPage", () => {
  it("puts the page above on top, with its cursor", () => {
    const longer = prependPage(path(5, 6), { messages: path(3, 4).messages, prevCursor: "m3" });
    expect(ids(longer)).toBe("m3 m4 m5 m6");
    expect(longer.prevCursor).toBe("m3");
  });

  it("drops a page of another path", () => {
    const thread = path(5, 6);
    expect(prependPage(thread, { messages: path(1, 2).messages, prevCursor: null })).toBe(thread);
  });
});

describe("appendPair", () => {
  const user = aMessage({ id: "u", role: "user", parentId: "m2" });
  const answer = aMessage({ id: "a", parentId: "u", status: "streaming" });

  it("adds question and answer below their parent, once", () => {
    const longer = appendPair(path(1, 2), user, answer);
    expect(longer && ids(longer)).toBe("m1 m2 u a");
    expect(longer?.chat.activeLeafId).toBe("a");
    expect(longer && ids(appendPair(longer, user, answer) ?? longer)).toBe("m1 m2 u a");
  });

  it("refuses when the path went on elsewhere", () => {
    expect(appendPair(path(1, 3), user, answer)).toBeNull();
  });
});

it("replaces a message in place and leaves other threads alone", () => {
  const thread = path(1, 3);
  expect(putMessage(thread, aMessage({ id: "m2", content: "new" })).messages[1]?.content).toBe("new");
  expect(putMessage(thread, aMessage({ id: "zz" }))).toBe(thread);
});

it("branches off under the parent and drops what hung below the old answer", () => {
  const branched = branchOff(path(1, 4), aMessage({ id: "r", parentId: "m1" }));
  expect(ids(branched)).toBe("m1 r");
  expect(branched.chat.activeLeafId).toBe("r");
});

it("knows a message's place among its siblings", () => {
  expect(siblings(aMessage({ id: "b", siblingIds: ["a", "b", "c"] }))).toEqual({ at: 1, of: 3, previous: "a", next: "c" });
  expect(siblings(aMessage({ id: "a", siblingIds: ["a"] }))).toBeNull();
});
