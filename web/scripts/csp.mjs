// Writes dist/csp.json: the hashes of index.html's inline scripts, for the server's
// Content-Security-Policy. A script in the page that is not in this file does not run.
import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";

const dist = new URL("../dist/", import.meta.url);
const html = await readFile(new URL("index.html", dist), "utf8");

const inline = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/gi)].filter(([, attributes]) => !/\bsrc\s*=/.test(attributes));
const scriptHashes = inline.map(([, , body]) => `sha256-${createHash("sha256").update(body, "utf8").digest("base64")}`);

// Handlers in attributes and javascript: links would be blocked, so they are a mistake here.
const forbidden = html.match(/\son\w+\s*=\s*["']|href\s*=\s*["']javascript:/i);
if (forbidden) throw new Error(`index.html holds ${forbidden[0].trim()}, which the content security policy blocks`);
if (scriptHashes.length === 0) throw new Error("index.html has lost its theme bootstrap");

await writeFile(new URL("csp.json", dist), `${JSON.stringify({ scriptHashes })}\n`);
console.log(`csp.json: ${scriptHashes.join(" ")}`);
