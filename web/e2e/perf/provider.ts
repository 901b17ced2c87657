// A provider whose models write at a known speed: text with ten blocks of code, as many tokens a
// second as the model's name says.
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

const models = { "tokens-200": 200, "tokens-1000": 1_000, instant: Number.POSITIVE_INFINITY };
const languages = ["rust", "typescript", "python", "go", "sql", "bash", "json", "yaml", "css", "java"];
const tickMs = 5;

/** How long a paced model writes. */
export const answerMs = 8_000;

function block(language: string, lines: number): string {
  const code = Array.from({ length: lines }, (_, line) => `let value_${line} = compute("${language}", ${line}); // step ${line}`);
  return `## In ${language}\n\nThe next part shows how **${language}** would say it, with \`code\` in the line.\n\n\`\`\`${language}\n${code.join("\n")}\n\`\`\`\n`;
}

/** A text of at least `count` tokens, cut into them; its blocks of code are ten. */
function tokens(count: number): string[] {
  for (let lines = 2; ; lines += 1) {
    const pieces = languages.map((language) => block(language, lines)).join("\n").match(/\s*\S{1,6}/g) ?? [];
    if (pieces.length >= count) return pieces.slice(0, count);
  }
}

function say(response: ServerResponse, delta: object, finish: string | null = null): void {
  const chunk = { id: "perf", object: "chat.completion.chunk", model: "perf", choices: [{ index: 0, delta, finish_reason: finish }] };
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
}

/** Sends what is due by the clock, so that a late timer makes nothing slower. */
function write(response: ServerResponse, perSecond: number): void {
  const all = Number.isFinite(perSecond) ? tokens((perSecond * answerMs) / 1_000) : ["It ", "is ", "done."];
  const begun = performance.now();
  let sent = 0;
  const timer = setInterval(() => {
    const due = Math.min(all.length, Math.floor(((performance.now() - begun) * perSecond) / 1_000));
    for (; sent < due; sent += 1) say(response, { content: all[sent] });
    if (sent < all.length) return;
    clearInterval(timer);
    say(response, {}, "stop");
    response.end("data: [DONE]\n\n");
  }, tickMs);
  response.on("close", () => clearInterval(timer));
}

export interface Provider {
  url: string;
  stop: () => void;
}

export async function startProvider(): Promise<Provider> {
  const server = createServer((request, response) => {
    if (request.url?.endsWith("/models")) {
      const data = Object.keys(models).map((id) => ({ id, object: "model", context_length: 10_000_000 }));
      response.setHeader("content-type", "application/json").end(JSON.stringify({ object: "list", data }));
      return;
    }
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const { model } = JSON.parse(body) as { model: keyof typeof models };
      response.setHeader("content-type", "text/event-stream");
      write(response, models[model] ?? models.instant);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/v1`, stop: () => server.closeAllConnections() };
}
