// The scripted provider: models that answer with a known text at a known pace, named after what they do.
import { type ChildProcess, spawn } from "node:child_process";
import { dirname, join, resolve } from "node:path";

const server = process.env["SANGAM_BIN"] ?? resolve(import.meta.dirname, "../../../target/debug/sangam");
const binary = join(dirname(server), "examples", "scripted");
const startMs = 10_000;

/** A running provider; `url` is what a server takes as `OPENAI_BASE_URL`. */
export class Provider {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  static async start(): Promise<Provider> {
    const child = spawn(binary, [], { stdio: ["ignore", "pipe", "inherit"] });
    const url = await new Promise<string>((done, failed) => {
      const late = setTimeout(() => failed(new Error(`${binary} did not start`)), startMs);
      child.once("error", failed);
      child.stdout.once("data", (chunk: Buffer) => {
        clearTimeout(late);
        done(chunk.toString().trim());
      });
    });
    return new Provider(child, url);
  }

  stop(): void {
    this.child.kill("SIGKILL");
  }
}
