import { describe, expect, it, vi } from "vitest";
import type { Command } from "@/ui/commands";
import { isTyping, pressedKeys } from "@/ui/keys";
import { createMemory } from "./useShortcuts";

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const command = (id: string, keys: string): Command => ({ id, keys, title: id, group: "go", run: vi.fn() });

describe("pressedKeys", () => {
  it.each([
    [{ ...none, key: "k", ctrlKey: true }, false, "mod+k"],
    [{ ...none, key: "k", metaKey: true }, true, "mod+k"],
    [{ ...none, key: "k", metaKey: true }, false, ""],
    [{ ...none, key: "O", ctrlKey: true, shiftKey: true }, false, "mod+shift+o"],
    [{ ...none, key: "?", shiftKey: true }, false, "?"],
    [{ ...none, key: "Enter", shiftKey: true }, false, "shift+enter"],
    [{ ...none, key: "k", altKey: true, ctrlKey: true }, false, ""],
  ])("of %j on Apple %s is %j", (event, apple, expected) => {
    expect(pressedKeys(event, apple)).toBe(expected);
  });
});

describe("a sequence of keys", () => {
  const settings = command("settings", "g s");
  const list = command("list", "s");

  it("runs when its keys follow each other soon", () => {
    const recall = createMemory(() => 0);
    expect(recall("g", [settings, list])).toBeUndefined();
    expect(recall("s", [settings, list])).toBe(settings);
    expect(recall("s", [settings, list])).toBe(list);
  });

  it("is forgotten after a while", () => {
    let now = 0;
    const recall = createMemory(() => now);
    recall("g", [settings, list]);
    now = 5_000;
    expect(recall("s", [settings, list])).toBe(list);
  });

  it("gives way to another key's own command", () => {
    const recall = createMemory(() => 0);
    recall("g", [settings, command("help", "?")]);
    expect(recall("?", [settings, command("help", "?")])?.id).toBe("help");
  });
});

it("leaves keys alone where text is written", () => {
  document.body.innerHTML = '<textarea></textarea><input><div role="menu"><button></button></div><p></p>';
  const where = (selector: string) => isTyping(document.querySelector(selector));
  expect([where("textarea"), where("input"), where("button"), where("p"), isTyping(null)]).toEqual([true, true, true, false, false]);
  document.body.innerHTML = "";
});
