// Reads JSON lines of both engines from standard input; prints medians, ranges and the ratio.
import { readFileSync } from "node:fs";

const runs = readFileSync(0, "utf8").trim().split("\n").map((line) => JSON.parse(line));
const of = (engine) => runs.filter((run) => run.engine === engine);
const sorted = (engine, what) => of(engine).flatMap((run) => run.results.map((r) => r[what])).sort((a, b) => a - b);
const median = (values) => values[Math.floor(values.length / 2)];
const show = (values) =>
  `${median(values).toFixed(1)} (${values[0].toFixed(1)} to ${values.at(-1).toFixed(1)}, ${values.length} rounds)`;

for (const what of ["generate", "prefill"]) {
  const [ours, theirs] = [sorted("sangam", what), sorted("llama.cpp", what)];
  console.log(`${what}, tokens/s: median (range)`);
  console.log(`  sangam     ${show(ours)}`);
  console.log(`  llama.cpp  ${show(theirs)}`);
  console.log(`  ratio      ${(median(ours) / median(theirs)).toFixed(2)}`);
}
for (const engine of ["sangam", "llama.cpp"]) {
  const [run] = of(engine);
  const build = run.build ? `, its build for ${run.build}` : "";
  console.log(`${engine}: loaded in ${run.loadMs.toFixed(0)} ms, ${run.residentMib} MiB resident at the end${build}`);
}
const [ours, theirs] = [of("sangam")[0].answer, of("llama.cpp")[0].answer];
const same = ours.findIndex((token, i) => token !== theirs[i]);
console.log(`greedy tokens agree: ${same < 0 ? `all ${ours.length}` : `the first ${same} of ${ours.length}`}`);
