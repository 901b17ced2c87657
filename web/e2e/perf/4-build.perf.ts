// What a newcomer waits for before the page is built.
import { execFileSync } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join, resolve } from "node:path";
import { measured, test } from "./stage";

const web = resolve(import.meta.dirname, "../..");
const made = new Set(["node_modules", "dist", "test-results", "playwright-report"]);

test("npm ci, types and build", async () => {
  const folder = await mkdtemp(join(tmpdir(), "sangam-build-"));
  try {
    await cp(web, folder, { recursive: true, filter: (path) => !made.has(basename(path)) });
    const begun = performance.now();
    const npm = (...words: string[]) => execFileSync("npm", words, { cwd: folder, stdio: "pipe" });
    try {
      npm("ci", "--no-audit", "--no-fund", "--loglevel=error");
    } catch {
      test.info().annotations.push({ type: "left out", description: "the registry cannot be reached" });
      return;
    }
    npm("run", "build", "--silent");
    measured("build", (performance.now() - begun) / 1_000);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
