// The real binary, started on a free port with an empty data folder.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

const binary = process.env["SANGAM_BIN"] ?? resolve(import.meta.dirname, "../../../target/debug/sangam");
const startMs = 30_000;

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  return new Promise((done, failed) => {
    const probe = createServer();
    probe.once("error", failed);
    probe.listen(0, "127.0.0.1", () => {
      const address = probe.address();
      probe.close(() => (address && typeof address === "object" ? done(address.port) : failed(new Error("no port"))));
    });
  });
}

/** A running Sangam; `stop` and `start` keep its port and its data. */
export class Server {
  readonly url: string;
  private child: ChildProcess | null = null;
  private output = "";

  private constructor(
    private readonly port: number,
    /** Its folder, where the database is. */
    readonly data: string,
    private readonly environment: Record<string, string>,
  ) {
    this.url = `http://127.0.0.1:${port}`;
  }

  static async create(environment: Record<string, string> = {}): Promise<Server> {
    const data = await mkdtemp(join(tmpdir(), "sangam-e2e-"));
    const server = new Server(await freePort(), data, environment);
    await server.start();
    return server;
  }

  /** The one-time link to set the server up, as printed at its start. */
  get setupLink(): string {
    const link = /https?:\/\/\S+\/setup#\S+/.exec(this.output)?.[0];
    if (!link) throw new Error(`no set-up link in what the server printed:\n${this.output}`);
    return link;
  }

  async start(): Promise<void> {
    const env = { ...process.env, HOST: "127.0.0.1", PORT: String(this.port), SANGAM_DATA_DIR: this.data, ...this.environment };
    const child = spawn(binary, ["serve"], { env, stdio: ["ignore", "pipe", "pipe"] });
    this.child = child;
    const keep = (chunk: Buffer) => {
      this.output += chunk.toString();
    };
    child.stdout.on("data", keep);
    child.stderr.on("data", keep);
    child.once("error", (error) => {
      this.output += String(error);
    });
    const until = Date.now() + startMs;
    while (Date.now() < until) {
      if (await this.isUp()) return;
      if (child.exitCode !== null) break;
      await new Promise((next) => setTimeout(next, 50));
    }
    throw new Error(`${binary} did not start:\n${this.output}`);
  }

  private isUp(): Promise<boolean> {
    return fetch(`${this.url}/health`).then(
      (response) => response.ok,
      () => false,
    );
  }

  /** Ends the process; `SIGKILL` is the crash, `SIGTERM` the polite way. */
  async stop(signal: "SIGTERM" | "SIGKILL" = "SIGTERM"): Promise<void> {
    const child = this.child;
    this.child = null;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((done) => child.once("exit", done));
    child.kill(signal);
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop("SIGKILL");
    await rm(this.data, { recursive: true, force: true });
  }
}
