// Where everything is measured: a server with a provider of known speed, and chats of known length.
import { loadavg } from "node:os";
import { test as base, expect, type BrowserContext } from "@playwright/test";
import { lengthen } from "../support/lengthen";
import { Server } from "../support/server";
import { goalOf, type GoalName, verdict } from "./goals";
import { startProvider } from "./provider";
import type { Measure } from "./report";

const admin = { name: "Admin", email: "admin@example.org", password: "ganga yamuna prayag" };

export interface Stage {
  url: string;
  /** Chats with so many messages. */
  chats: Record<"short" | "two" | "ten", { id: string; title: string }>;
  call: (method: string, path: string, body?: unknown) => Promise<Response>;
  state: Awaited<ReturnType<BrowserContext["storageState"]>>;
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    if (await isSo()) return;
    await new Promise((next) => setTimeout(next, 50));
  }
  throw new Error("waited in vain");
}

function caller(url: string, token?: string): Stage["call"] {
  const headers = { "content-type": "application/json", origin: url, ...(token ? { authorization: `Bearer ${token}` } : {}) };
  return (method, path, body) => fetch(url + path, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
}

async function makeChat(call: Stage["call"], title: string) {
  const made = await call("POST", "/api/chats", { message: `Begin: ${title}`, model: "instant", title });
  expect(made.status).toBe(201);
  const { chat } = (await made.json()) as { chat: { id: string } };
  await until(async () => {
    const { messages } = (await (await call("GET", `/api/chats/${chat.id}`)).json()) as { messages: { status: string }[] };
    return messages.at(-1)?.status === "complete";
  });
  return { id: chat.id, title };
}

export const test = base.extend<object, { stage: Stage }>({
  stage: [
    async ({ browser }, use) => {
      const provider = await startProvider();
      const server = await Server.create({
        OPENAI_BASE_URL: provider.url,
        SANGAM_LOCAL_MODEL__ENABLED: "false",
        SANGAM_CHATS__TITLES: "false",
      });
      const { url } = server;
      const anonymous = caller(url);
      const token = new URL(server.setupLink).hash.slice(1);
      await anonymous("POST", "/api/auth/setup", { token, ...admin });
      const signedIn = await anonymous("POST", "/api/auth/login", { email: admin.email, password: admin.password, tokens: "body" });
      const { accessToken } = (await signedIn.json()) as { accessToken: string };
      const call = caller(url, accessToken);
      await until(async () => (await (await call("GET", "/api/models")).text()).includes("tokens-1000"));
      const chats = { short: await makeChat(call, "Short"), two: await makeChat(call, "Two thousand"), ten: await makeChat(call, "Ten thousand") };
      await lengthen(server, [
        { id: chats.two.id, messages: 2_000 },
        { id: chats.ten.id, messages: 10_000 },
      ]);
      const context = await browser.newContext();
      const { email, password } = admin;
      await context.request.post(`${url}/api/auth/login`, { data: { email, password }, headers: { origin: url } });
      const state = await context.storageState();
      await context.close();
      await use({ url, chats, call, state });
      provider.stop();
      await server.remove();
    },
    { scope: "worker", timeout: 120_000 },
  ],
  storageState: async ({ stage }, use) => use(stage.state),
  baseURL: async ({ stage }, use) => use(stage.url),
});

/** Writes a measure down and fails where it is out of all proportion. */
export function measured(goal: GoalName, value: number, on = ""): void {
  const measure: Measure = { goal, on, value, load: loadavg()[0] ?? 0 };
  test.info().annotations.push({ type: "measure", description: JSON.stringify(measure) });
  expect.soft(verdict(goalOf(goal), value), `${goalOf(goal).name} ${on}: ${value}`).not.toBe("failed");
}

export function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

export { expect };
