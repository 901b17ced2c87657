import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { describe, expect, it } from "vitest";

const src = resolve(import.meta.dirname);
const files = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !entry.name.endsWith(".d.ts"))
  .map((entry) => join(entry.parentPath, entry.name));

/** `features/chats` or `api`: the part of the page a path belongs to. */
function part(path: string): string {
  const [first = "", second] = relative(src, path).split("/");
  return first === "features" ? `features/${second}` : first;
}

/** The parts a file imports code from; messages are data. */
function imports(file: string): string[] {
  const text = readFileSync(file, "utf8");
  const targets = [...text.matchAll(/(?:from|import|import\()\s*["']([^"']+)["']/g)].map(([, target]) => target ?? "");
  return targets
    .filter((target) => /^(?:@\/|\.)/.test(target) && !target.endsWith(".json") && !target.endsWith(".css"))
    .map((target) => part(target.startsWith("@/") ? join(src, target.slice(2)) : resolve(dirname(file), target)));
}

const edges = files.flatMap((file) => imports(file).map((to) => ({ file: relative(src, file), from: part(file), to })));
const offenders = (isWrong: (edge: (typeof edges)[number]) => boolean) => edges.filter(isWrong).map(({ file, to }) => `${file} imports ${to}`);

// Acyclic, like the server's own list: every chat has a model, and says which; it can be shared.
const allowed = ["features/chats -> features/models", "features/chats -> features/shares"];

describe("who may import whom", () => {
  it("sees the imports", () => {
    expect(edges.length).toBeGreaterThan(100);
    expect(edges.some(({ from, to }) => from === "routes" && to === "features/account")).toBe(true);
  });

  it("features import no shell, no routes, and of each other only what is allowed", () => {
    const isOutside = (to: string) => to.startsWith("features/") || to === "shell" || to === "routes";
    const isForeign = ({ from, to }: { from: string; to: string }) => from.startsWith("features/") && from !== to && isOutside(to);
    expect(offenders((edge) => isForeign(edge) && !allowed.includes(`${edge.from} -> ${edge.to}`))).toEqual([]);
  });

  it("the shared parts know no feature and no shell", () => {
    const shared = ["api", "ui", "theme", "i18n", "realtime"];
    expect(offenders(({ from, to }) => shared.includes(from) && (to.startsWith("features/") || to === "shell" || to === "routes"))).toEqual([]);
  });

  it("the API client knows nothing of the page", () => {
    expect(offenders(({ from, to }) => from === "api" && to !== "api")).toEqual([]);
  });
});
