// A chat is shared, read by somebody without an account, and taken back.
import type { Browser, Page } from "@playwright/test";
import { Provider } from "./support/provider";
import { Server } from "./support/server";
import { expect, expectAccessible, newAccount, post, signIn, test as base } from "./support/test";

const test = base.extend<{ chat: Server }, { provider: Provider }>({
  provider: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the wanted fixtures from it
    async ({}, use) => {
      const provider = await Provider.start();
      await use(provider);
      provider.stop();
    },
    { scope: "worker" },
  ],
  chat: async ({ page, provider }, use) => {
    const server = await Server.create({
      OPENAI_BASE_URL: provider.url,
      SANGAM_LOCAL_MODEL__ENABLED: "false",
      SANGAM_CHATS__TITLES: "false",
    });
    const account = newAccount();
    await post(server.url, "/api/auth/register", account);
    await signIn(page, account, server.url);
    await use(server);
    await server.remove();
  },
});

test.setTimeout(120_000);

async function ask(page: Page, question: string): Promise<void> {
  await page.getByRole("textbox", { name: "Your message" }).fill(question);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("log").getByText(question)).toBeVisible();
  await expect(page.getByRole("log").getByText("and it ends here.").last()).toBeVisible();
}

/** Begins a chat with a model that answers at once. */
async function begin(page: Page, server: Server, question: string): Promise<void> {
  await page.goto(server.url);
  await page.getByRole("button", { name: /^(Model:|Choose a model)/ }).click();
  await page.getByRole("option", { name: /^instant\b/ }).click();
  await ask(page, question);
  await expect(page).toHaveURL(/\/chat\//);
}

/** Opens the dialog from the open chat's menu and makes a link; gives back its address. */
async function share(page: Page, kind: string): Promise<string> {
  await page.getByRole("banner").getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Share…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText(kind, { exact: true }).first().click();
  await dialog.getByRole("button", { name: "Make a link" }).click();
  const link = dialog.getByRole("textbox", { name: "The new link" });
  await expect(link).toHaveValue(/\/s\/[\w-]{64}$/);
  return link.inputValue();
}

async function stranger(browser: Browser, phone = false): Promise<Page> {
  const viewport = phone ? { width: 390, height: 844 } : { width: 1280, height: 800 };
  const context = await browser.newContext({ viewport, locale: "en-GB" });
  return context.newPage();
}

test("a snapshot is read without an account, and revoked", async ({ page, chat, browser }) => {
  await begin(page, chat, "What is shared?");
  const url = await share(page, "Snapshot");
  await expectAccessible(page, "share dialog");
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  await ask(page, "This stays with me");

  const reader = await stranger(browser);
  await reader.goto(url);
  await expect(reader.getByRole("heading", { level: 1, name: "What is shared?" })).toBeVisible();
  await expect(reader.getByText("and it ends here.")).toBeVisible();
  await expect(reader.getByText("This stays with me")).toHaveCount(0);
  await expect(reader.getByText("Shared chat, read only")).toBeVisible();
  await expectAccessible(reader, "shared chat");

  await page.getByRole("banner").getByRole("button", { name: /^Actions for/ }).click();
  await page.getByRole("menuitem", { name: "Share…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("The link works no more")).toBeVisible();
  await reader.reload();
  await expect(reader.getByRole("heading", { name: "This link leads nowhere" })).toBeVisible();
  await expectAccessible(reader, "revoked link");
  await reader.context().close();
});

test("a living link shows what was asked since", async ({ page, chat, browser }) => {
  await begin(page, chat, "First question");
  const url = await share(page, "Living link");
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).last().click();
  const reader = await stranger(browser, true);
  await reader.goto(url);
  await expect(reader.getByText("First question").last()).toBeVisible();
  await ask(page, "Second question");
  await reader.reload();
  await expect(reader.getByText("Second question")).toBeVisible();
  await expectAccessible(reader, "living link on a phone");
  await reader.context().close();
});

test("every link is listed in the settings, leads to its chat, and ends there", async ({ page, chat, browser }) => {
  await begin(page, chat, "Which links do I have?");
  const url = await share(page, "Snapshot");
  await page.goto(`${chat.url}/settings`);
  const links = page.getByRole("region", { name: "Shared links" });
  await expect(links.getByRole("link", { name: "Which links do I have?" })).toBeVisible();
  await expectAccessible(page, "shared links in the settings");
  await page.setViewportSize({ width: 390, height: 844 });
  await expectAccessible(page, "shared links in the settings on a phone");
  await links.getByRole("button", { name: "Revoke" }).click();
  await expect(links.getByText("You have shared nothing.")).toBeVisible();
  const reader = await stranger(browser);
  await reader.goto(url);
  await expect(reader.getByRole("heading", { name: "This link leads nowhere" })).toBeVisible();
});
