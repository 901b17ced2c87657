// Writes a .br and a .gz beside every file of dist that gets smaller by it, so that the server sends
// the strongest compression without spending a cycle on it.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const dist = fileURLToPath(new URL("../dist/", import.meta.url));
const compressible = /\.(?:html|js|css|svg|json|webmanifest|txt|wasm)$/;
// Read by the server's build, never sent.
const isInternal = /(?:^|\/)(?:csp\.json|\.vite\/)/;
const smallest = 512;

const brotli = promisify(brotliCompress);
const gz = promisify(gzip);

const names = (await readdir(dist, { recursive: true, withFileTypes: true }))
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .filter((name) => compressible.test(name) && !isInternal.test(name.slice(dist.length)));

const totals = { raw: 0, br: 0, gz: 0 };
await Promise.all(
  names.map(async (name) => {
    const raw = await readFile(name);
    if (raw.length < smallest) return;
    const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length };
    const [small, zipped] = await Promise.all([brotli(raw, { params }), gz(raw, { level: 9 })]);
    totals.raw += raw.length;
    totals.br += small.length;
    totals.gz += zipped.length;
    if (small.length < raw.length) await writeFile(`${name}.br`, small);
    if (zipped.length < raw.length) await writeFile(`${name}.gz`, zipped);
  }),
);

const kilobytes = (bytes) => `${Math.round(bytes / 1024)} KB`;
console.log(`compressed ${names.length} files: ${kilobytes(totals.raw)}, ${kilobytes(totals.gz)} gz, ${kilobytes(totals.br)} br`);
