// Tokens per second of llama.cpp on one GGUF, greedy, on the processor alone; prints one JSON line.
// Usage: node llama_cpp.mjs FILE THREADS PROMPT_TOKENS ANSWER_TOKENS ROUNDS ID,ID,…
import { readFileSync } from "node:fs";
import { getLlama, LlamaLogLevel } from "node-llama-cpp";

const [path, ...rest] = process.argv.slice(2);
const [threads, promptTokens, answerTokens, rounds] = rest.map(Number);
const ids = rest[4].split(",").map(Number);
const prompt = Array.from({ length: promptTokens }, (_, i) => ids[i % ids.length]);

const llama = await getLlama({
  gpu: false,
  build: "never",
  skipDownload: true,
  logLevel: LlamaLogLevel.error,
  maxThreads: threads,
});
const start = performance.now();
const model = await llama.loadModel({ modelPath: path, gpuLayers: 0 });
const contextSize = promptTokens + answerTokens + 64;
const context = await model.createContext({ contextSize, batchSize: 512, threads, sequences: 1 });
const loadMs = performance.now() - start;
const sequence = context.getSequence();

async function round() {
  await sequence.clearHistory();
  let start = performance.now();
  await sequence.evaluateWithoutGeneratingNewTokens(prompt.slice(0, -1));
  const prefill = ((promptTokens - 1) * 1000) / (performance.now() - start);

  const answer = [];
  start = performance.now();
  for await (const token of sequence.evaluate(prompt.slice(-1), { temperature: 0, yieldEogToken: true })) {
    answer.push(token);
    if (answer.length === answerTokens) break;
  }
  return { prefill, generate: (answer.length * 1000) / (performance.now() - start), answer };
}

// The first round warms the caches and is not counted.
await round();
const results = [];
for (let i = 0; i < rounds; i += 1) results.push(await round());

const residentMib = Math.round(process.memoryUsage().rss / 2 ** 20);
// Which of its builds llama.cpp took for this processor.
const build = readFileSync("/proc/self/maps", "utf8").match(/libggml-cpu-?(\w*)\.so/)?.[1] ?? "";
const { answer } = results[0];
console.log(JSON.stringify({
  engine: "llama.cpp", build, loadMs, residentMib, answer,
  results: results.map(({ prefill, generate }) => ({ prefill, generate })),
}));
await llama.dispose();
