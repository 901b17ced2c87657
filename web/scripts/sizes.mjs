// The size budgets of the page, read from Vite's manifest. A budget that is passed fails the build;
// the printed table is what to look at first.
import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const manifest = JSON.parse(await readFile(join(dist, ".vite/manifest.json"), "utf8"));

// KB, compressed by gzip. `entry` is what every page loads, the signed-in shell with its menus,
// dialogs and notices included; a route is what it loads beyond that.
const budgets = { entry: 240, css: 60, route: 240, chat: 40, whole: 5 * 1024 };
const shell = ["src/routes/_app.tsx?tsr-split=component"];

const sizes = new Map();
async function gzipped(file) {
  if (!sizes.has(file)) sizes.set(file, gzipSync(await readFile(join(dist, file)), { level: 9 }).length);
  return sizes.get(file);
}

/** Every file that loading `key` loads with it, dynamic imports left out. */
function closure(key, seen = new Set()) {
  const chunk = manifest[key];
  if (!chunk || seen.has(key)) return seen;
  seen.add(key);
  for (const next of chunk.imports ?? []) closure(next, seen);
  return seen;
}

const filesOf = (keys) => new Set([...keys].map((key) => manifest[key].file));

async function total(files) {
  let bytes = 0;
  for (const file of files) bytes += await gzipped(file);
  return bytes / 1024;
}

const entryKey = Object.keys(manifest).find((key) => manifest[key].isEntry);
const entry = closure(entryKey);
for (const key of shell) {
  if (!manifest[key]) throw new Error(`the manifest has no ${key}: name the shell's chunk anew`);
  closure(key, entry);
}
const entryFiles = filesOf(entry);

const rows = [["entry and shell", await total(entryFiles), budgets.entry]];
const css = new Set(Object.values(manifest).flatMap((chunk) => chunk.css ?? []));
rows.push(["css", await total(css), budgets.css]);

for (const key of Object.keys(manifest)) {
  const route = /^src\/routes\/(.+)\.tsx\?tsr-split=component$/.exec(key)?.[1];
  if (!route || entry.has(key)) continue;
  const own = [...filesOf(closure(key))].filter((file) => !entryFiles.has(file));
  rows.push([route, await total(own), /chat|index/.test(route) ? budgets.chat : budgets.route]);
}

// What the binary carries: each file once, as it would travel (fonts are compressed already).
const all = (await readdir(dist, { recursive: true, withFileTypes: true }))
  .filter((item) => item.isFile() && ![".br", ".gz"].includes(extname(item.name)) && !item.parentPath.includes(".vite"))
  .map((item) => join(item.parentPath, item.name).slice(dist.length));
rows.push(["whole dist", await total(all), budgets.whole]);

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
