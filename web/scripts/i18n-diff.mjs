// Every language must say the same things: the same keys, the same variables, nothing empty, and no
// key that the code has forgotten.
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, relative } from "node:path";

const src = join(import.meta.dirname, "../src");
const other = "hi-Latn";

/** `{a: {b: "x"}}` as `{"a.b": "x"}`. */
export function flatten(messages, prefix = "") {
  return Object.entries(messages).reduce((all, [key, value]) => {
    const path = prefix ? `${prefix}.${key}` : key;
    return { ...all, ...(typeof value === "string" ? { [path]: value } : flatten(value, path)) };
  }, {});
}

const variables = (text) => [...text.matchAll(/\{\{\s*(\w+)/g)].map(([, name]) => name).toSorted().join(",");

/** What is wrong between the English messages and another language's. */
export function differences(english, translated) {
  const en = flatten(english);
  const to = flatten(translated);
  const problems = [];
  for (const [key, text] of Object.entries(en)) {
    if (!(key in to)) problems.push(`${key}: missing`);
    else if (to[key].trim() === "" || text.trim() === "") problems.push(`${key}: empty`);
    else if (variables(text) !== variables(to[key])) problems.push(`${key}: other variables than in English`);
  }
  for (const key of Object.keys(to)) if (!(key in en)) problems.push(`${key}: unknown in English`);
  return problems;
}

/** Keys whose last part appears nowhere in the code; plural endings are i18next's own. */
export function unused(messages, code) {
  return Object.keys(flatten(messages)).filter((key) => {
    const name = key.split(".").at(-1).replace(/_(?:zero|one|two|few|many|other)$/, "");
    return !new RegExp(`\\b${name}\\b`).test(code);
  });
}

async function sources() {
  const entries = await readdir(src, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function main() {
  const files = await sources();
  const code = (
    await Promise.all(files.filter((file) => /\.tsx?$/.test(file) && !/\.(?:test|gen|d)\.tsx?$/.test(file)).map((file) => readFile(file, "utf8")))
  ).join("\n");
  const problems = [];
  for (const file of files.filter((name) => name.endsWith("messages.en.json"))) {
    const place = relative(src, dirname(file));
    const english = JSON.parse(await readFile(file, "utf8"));
    const translated = JSON.parse(await readFile(file.replace("messages.en.json", `messages.${other}.json`), "utf8"));
    problems.push(...differences(english, translated).map((text) => `${place}: ${text}`));
    // These are found by codes that come from the server: the code never names them.
    const named = { ...english, problems: {}, fields: {}, errors: {} };
    problems.push(...unused(named, code).map((key) => `${place}: ${key}: used nowhere`));
  }
  for (const problem of problems) console.error(problem);
  console.log(problems.length === 0 ? `en and ${other} say the same` : `${problems.length} problems`);
  if (problems.length > 0) process.exitCode = 1;
}

if (process.argv[1] === import.meta.filename) await main();
