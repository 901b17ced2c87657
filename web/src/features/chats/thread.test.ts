import { describe, expect, it } from "vitest";
import { aChat, aMessage } from "./testing";
import { branchOff, holds, mergeThread, prependPage, putMessage, putQuestion, running, siblings, type Thread } from "./thread";

/** A path m1 ← m2 ← …, of which the messages `from` to `to` are held. */
function path(from: number, to: number, change: Partial<Thread> = {}): Thread {
  const messages = Array.from({ length: to - from + 1 }, (_, offset) => {
    const number = from + offset;
    return aMessage({ id: `m${number}`, parentId: number === 1 ? null : `m${number - 1}` });
  });
  return { chat: aChat(), messages, comparisons: [], summaries: [], prevCursor: from > 1 ? `m${from}` : null, ...change };
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
    const longer = prependPage(path(5, 6), path(3, 4));
    expect(ids(longer)).toBe("m3 m4 m5 m6");
    expect(longer.prevCursor).toBe("m3");
  });

  it("drops a page of another path", () => {
    const thread = path(5, 6);
    expect(prependPage(thread, path(1, 2))).toBe(thread);
  });
});

describe("putQuestion", () => {
  const user = aMessage({ id: "u", role: "user", parentId: "m2" });
  const answer = aMessage({ id: "a", parentId: "u", status: "streaming" });

  it("adds question and answer below their parent, once", () => {
    const longer = putQuestion(path(1, 2), user, [answer]);
    expect(longer && ids(longer)).toBe("m1 m2 u a");
    expect(longer?.chat.activeLeafId).toBe("a");
    expect(longer && ids(putQuestion(longer, user, [answer]) ?? longer)).toBe("m1 m2 u a");
  });

  it("leaves the branch below the parent, as an edited question does", () => {
    const branched = putQuestion(path(1, 4), user, [answer]);
    expect(branched && ids(branched)).toBe("m1 m2 u a");
  });

  it("begins anew without a parent, and refuses one that is not held", () => {
    const first = putQuestion(path(5, 8), aMessage({ id: "u", role: "user" }), [answer]);
    expect([first && ids(first), first?.prevCursor]).toEqual(["u a", null]);
    expect(putQuestion(path(5, 8), user, [answer])).toBeNull();
  });

  it("keeps the answers of a comparison beside each other, and those summaries that still hold", () => {
    const compared = ["a", "b"].map((id) => aMessage({ id, parentId: "u", status: "streaming", comparisonId: "x", modelAsked: null }));
    const summary = (uptoMessageId: string) => ({ id: uptoMessageId, uptoMessageId, content: "", tokens: 1, coveredMessages: 1, coveredTokens: 1, model: "", createdAt: "" });
    const longer = putQuestion(path(1, 4, { summaries: [summary("m1"), summary("m3")] }), user, compared);
    expect(longer?.comparisons).toEqual([{ id: "x", isBlind: true, isRevealed: false, questionId: "u", winner: null, messages: compared }]);
    expect(longer?.summaries.map(({ id }) => id)).toEqual(["m1"]);
    expect(longer && running(longer).map(({ id }) => id)).toEqual(["a", "b"]);
    expect(longer && [holds(longer, "b"), holds(longer, "c")]).toEqual([true, false]);
    const ended = longer && putMessage(longer, aMessage({ id: "b", parentId: "u", comparisonId: "x" }));
    expect(ended && running(ended).map(({ id }) => id)).toEqual(["a"]);
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
