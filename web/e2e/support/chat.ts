// For journeys through a chat: a provider whose timing is known, a server that asks it, somebody
// signed in, and the few things that every such journey does.
import type { Locator, Page } from "@playwright/test";
import { Provider } from "./provider";
import { Server } from "./server";
import { type Account, expect, newAccount, post, signIn, test as base } from "./test";

interface Fixtures {
  /** A server of the test's own, since some tests kill it, with `person` signed in on the page. */
  chat: Server;
  person: Account;
}

export const test = base.extend<Fixtures, { provider: Provider }>({
  provider: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the wanted fixtures from it
    async ({}, use) => {
      const provider = await Provider.start();
      await use(provider);
      provider.stop();
    },
    { scope: "worker" },
  ],
  // oxlint-disable-next-line no-empty-pattern -- as above
  person: async ({}, use) => use(newAccount()),
  chat: async ({ page, provider, person }, use) => {
    const server = await Server.create({
      OPENAI_BASE_URL: provider.url,
      SANGAM_LOCAL_MODEL__ENABLED: "false",
      SANGAM_CHATS__TITLES: "false",
    });
    await post(server.url, "/api/auth/register", person);
    await signIn(page, person, server.url);
    await use(server);
    await server.remove();
  },
});

export const log = (page: Page): Locator => page.getByRole("log");
export const composer = (page: Page): Locator => page.getByRole("textbox", { name: "Your message" });

/** Asks a model that the picker offers, in a new chat; the question is shown at once. */
export async function ask(page: Page, server: Server, model: string, question: string): Promise<void> {
  await page.goto(server.url);
  await page.getByRole("button", { name: /^(Model:|Choose a model)/ }).click();
  // Only the models in view are there.
  await page.getByRole("combobox", { name: "Search models" }).fill(model);
  await page.getByRole("option", { name: new RegExp(`^${model}\\b`) }).click();
  await composer(page).fill(question);
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/chat\//);
  await expect(log(page).getByText(question)).toBeVisible();
}

/** Asks on in the open chat. */
export async function askOn(page: Page, question: string): Promise<void> {
  await composer(page).fill(question);
  await composer(page).press("Enter");
  await expect(log(page).getByText(question)).toBeVisible();
}

/** Calls the API as the person on the page. */
export async function call<Answer>(page: Page, server: Server, method: string, path: string, data?: unknown): Promise<Answer> {
  const response = await page.request.fetch(server.url + path, { method, data, headers: { origin: server.url } });
  expect(response.ok(), `${method} ${path}: ${response.status()}`).toBe(true);
  return (response.status() === 204 ? undefined : await response.json()) as Answer;
}
