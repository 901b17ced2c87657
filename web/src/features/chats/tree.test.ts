import { describe, expect, it } from "vitest";
import type { TreeNode } from "@/api/types";
import { ChatTreeModel } from "./tree";

function node(id: string, parentId: string | null): TreeNode {
  return { id, parentId, role: id.startsWith("q") ? "user" : "assistant", status: "complete", preview: id, modelUsed: null, comparisonId: null, createdAt: "" };
}

const drawn = (model: ChatTreeModel, closed: string[] = []) =>
  model.lines(new Set(closed)).map(({ node: { id }, depth, isOnPath, isHead, size }) => `${" ".repeat(depth)}${isHead ? "+" : ""}${id}${isOnPath ? "*" : ""}${isHead ? ` ${size}` : ""}`);

const nodes = [
  node("q1", null),
  node("a1", "q1"),
  node("a2", "q1"),
  node("q2", "a2"),
  node("a3", "q2"),
  node("q3", "a1"),
  node("a4", "q3"),
  node("a5", "q3"),
];

describe("the outline of a tree", () => {
  it("keeps the branch that is shown at the edge, the others one step in", () => {
    expect(drawn(new ChatTreeModel(nodes, "a3"))).toEqual(["q1*", " +a1 4", " q3", "  +a4 1", " a5", "a2*", "q2*", "a3*"]);
  });

  it("makes the trunk of what is shown now", () => {
    expect(drawn(new ChatTreeModel(nodes, "a4"))).toEqual(["q1*", " +a2 3", " q2", " a3", "a1*", "q3*", " +a5 1", "a4*"]);
  });

  it("leaves out what follows a closed head", () => {
    const model = new ChatTreeModel(nodes, "a3");
    expect(drawn(model, ["a1"])).toEqual(["q1*", " +a1 4", "a2*", "q2*", "a3*"]);
    expect(model.longHeads(3)).toEqual(new Set(["a1"]));
    expect(model.longHeads(4)).toEqual(new Set());
    expect(model.branches).toBe(2);
  });

  it("takes several beginnings, and a chat without any", () => {
    expect(drawn(new ChatTreeModel([node("q1", null), node("q2", null), node("a2", "q2")], "a2"))).toEqual([" +q1 1", "q2*", "a2*"]);
    expect(drawn(new ChatTreeModel([], null))).toEqual([]);
  });

  it("draws a conversation of 20,000 messages without running out of stack", () => {
    const long = Array.from({ length: 20_000 }, (_, at) => node(`m${at}`, at === 0 ? null : `m${at - 1}`));
    const lines = new ChatTreeModel(long, "m19999").lines(new Set());
    expect([lines.length, lines.at(-1)?.depth, lines[0]?.size]).toEqual([20_000, 0, 20_000]);
  });
});
