import { execFileSync } from "node:child_process";
import { join } from "node:path";
import type { Server } from "./server";

const script = join(import.meta.dirname, "lengthen.py");

/** Makes chats of a server as long as said; it is stopped for it and started again. */
export async function lengthen(server: Server, chats: readonly { id: string; messages: number }[]): Promise<void> {
  await server.stop();
  for (const { id, messages } of chats) execFileSync("python3", [script, join(server.data, "sangam.db"), id, String(messages)]);
  await server.start();
}
