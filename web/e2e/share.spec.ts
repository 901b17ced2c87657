// A chat is shared, read by somebody without an account, and taken back.
import type { Browser, Page } from "@playwright/test";
import type { Server } from "./support/server";
import { ask, askOn, log, test } from "./support/chat";
import { expect, expectAccessible } from "./support/test";

test.setTimeout(120_000);

const whole = (page: Page) => log(page).getByText("and it ends here.");

/** Begins a chat with a model that answers at once. */
async function begin(page: Page, server: Server, question: string): Promise<void> {
  await ask(page, server, "instant", question);
  await expect(whole(page)).toBeVisible();
}

/** Asks on, and waits for the second answer. */
async function goOn(page: Page, question: string): Promise<void> {
  await askOn(page, question);
  await expect(whole(page)).toHaveCount(2);
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
  await goOn(page, "This stays with me");

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
  await goOn(page, "Second question");
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
