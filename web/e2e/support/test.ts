// What every journey stands on: a server of its own per worker, a page that fails the test when the
// content security policy or the page's own code complains, and an accessibility check.
import { AxeBuilder } from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";
import { Server } from "./server";

export interface Account {
  name: string;
  email: string;
  password: string;
}

interface Fixtures {
  /** A new account, registered by the API; its session is in the page's cookies. */
  account: Account;
}

interface WorkerFixtures {
  server: Server;
  /** The administrator made through the printed link, before any test of the worker. */
  admin: Account;
}

let count = 0;

/** Data for a new account that no other test uses. */
export function newAccount(name = "Asha Rao"): Account {
  count += 1;
  return { name, email: `person-${process.pid}-${count}@example.org`, password: "nadi sangam subah" };
}

export async function post(url: string, path: string, body: unknown): Promise<void> {
  const response = await fetch(url + path, {
    method: "POST",
    headers: { "content-type": "application/json", origin: url },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
}

/** Signs `account` in through the page's own cookies. */
export async function signIn(page: Page, account: Account, url: string): Promise<void> {
  const { email, password } = account;
  const response = await page.request.post(`${url}/api/auth/login`, { data: { email, password }, headers: { origin: url } });
  expect(response.status()).toBe(200);
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  server: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the wanted fixtures from it
    async ({}, use) => {
      const server = await Server.create();
      await use(server);
      await server.remove();
    },
    { scope: "worker", timeout: 60_000 },
  ],
  admin: [
    async ({ server }, use) => {
      const admin = { name: "Admin", email: "admin@example.org", password: "ganga yamuna prayag" };
      const token = new URL(server.setupLink).hash.slice(1);
      await post(server.url, "/api/auth/setup", { token, ...admin });
      await use(admin);
    },
    { scope: "worker", auto: true },
  ],
  baseURL: async ({ server }, use) => use(server.url),
  page: async ({ page }, use) => {
    const complaints: string[] = [];
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("console", (message) => {
      if (/content security policy/i.test(message.text())) complaints.push(message.text());
    });
    await use(page);
    expect(complaints).toEqual([]);
  },
  account: async ({ page, server }, use) => {
    const account = newAccount();
    await post(server.url, "/api/auth/register", account);
    await signIn(page, account, server.url);
    await use(account);
  },
});

/** Fails when axe finds a violation of WCAG 2.2 AA or a broken landmark on the page as it is now. */
export async function expectAccessible(page: Page, name: string): Promise<void> {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  const found = violations.map(({ id, help, nodes }) => `${name}: ${id}: ${help}: ${nodes.map(({ target }) => target.join(" ")).join(", ")}`);
  expect(found).toEqual([]);
}

export { expect };
