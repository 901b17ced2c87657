// The size budgets of the page, read from Vite's manifest. A budget that is passed fails the build;
// the printed table is what to look at first.
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));

// KB, compressed by gzip. `entry` is what every page loads, the signed-in shell with its menus,
// dialogs and notices included; a route is what it loads beyond that.
const budgets = { entry: 240, css: 60, route: 240, chat: 40, whole: 5 * 1024 };
const shell = ["src/routes/_app.tsx?tsr-split=component"];

const sizes = new Map();
async function gzipped(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(await readFile(join(dist, file)), { level: 9 }).length);
  return sizes.get(file);
}

async function total(files) {
  let bytes = 0;
  for (const file of files) bytes += await gzipped(file);
  return bytes / 1024;
}

/** Every file that loading `key` loads with it, dynamic imports left out. */
function closure(manifest, key, seen = new Set()) {
  const chunk = manifest[key];
  if (!chunk || seen.has(key)) return seen;
  seen.add(key);
  for (const next of chunk.imports ?? []) closure(manifest, next, seen);
  return seen;
}

/** The sizes of the last build in KB: `{entry, css, routes: [{name, size}], whole}`. */
export async function measureSizes() {
  const manifest = JSON.parse(await readFile(join(dist, ".vite/manifest.json"), "utf8"));
  const filesOf = (keys) => new Set([...keys].map((key) => manifest[key].file));
  const entry = closure(manifest, Object.keys(manifest).find((key) => manifest[key].isEntry));
  for (const key of shell) {
    if (!manifest[key]) throw new Error(`the manifest has no ${key}: name the shell's chunk anew`);
    closure(manifest, key, entry);
  }
  const entryFiles = filesOf(entry);
  const css = new Set(Object.values(manifest).flatMap((chunk) => chunk.css ?? []));

  const routes = [];
  for (const key of Object.keys(manifest)) {
    const name = /^src\/routes\/(.+)\.tsx\?tsr-split=component$/.exec(key)?.[1];
    if (!name || entry.has(key)) continue;
    const own = [...filesOf(closure(manifest, key))].filter((file) => !entryFiles.has(file));
    routes.push({ name, size: await total(own) });
  }
  return { entry: await total(entryFiles), css: await total(css), routes, whole: await total(await carried()) };
}

/** What the binary carries: each file once, as it would travel (fonts are compressed already). */
async function carried() {
  const entries = await readdir(dist, { recursive: true, withFileTypes: true });
  return entries
    .filter((item) => item.isFile() && ![".br", ".gz"].includes(extname(item.name)) && !item.parentPath.includes(".vite"))
    .map((item) => join(item.parentPath, item.name).slice(dist.length));
}

async function main() {
  const { entry, css, routes, whole } = await measureSizes();
  const rows = [
    ["entry and shell", entry, budgets.entry],
    ["css", css, budgets.css],
    ...routes.map(({ name, size }) => [name, size, /chat|index/.test(name) ? budgets.chat : budgets.route]),
    ["whole dist", whole, budgets.whole],
  ];
  let isOver = false;
  for (const [name, size, budget] of rows) {
    const mark = size > budget ? "  over" : "";
    isOver ||= size > budget;
    console.log(`${name.padEnd(24)}${size.toFixed(1).padStart(9)} KB gz   of ${budget}${mark}`);
  }
  if (isOver) {
    console.error("A size budget is passed. Load the new part lazily, or change the budget with the reason in the commit.");
    process.exitCode = 1;
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await main();
