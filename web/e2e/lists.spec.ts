// Many chats kept in order: folders, tags, filters, search, and acts on several at once.
import type { Page } from "@playwright/test";
import type { Server } from "./support/server";
import { log, test } from "./support/chat";
import { expect, expectAccessible } from "./support/test";

test.setTimeout(120_000);

/** Chats begun through the API, with titles of their own. */
async function begin(page: Page, server: Server, chats: Record<string, string>): Promise<void> {
  for (const [title, message] of Object.entries(chats)) {
    const body = { data: { title, message, model: "instant" }, headers: { origin: server.url } };
    expect((await page.request.post(`${server.url}/api/chats`, body)).status()).toBe(201);
  }
  await page.goto(server.url);
}

const list = (page: Page) => page.getByRole("navigation", { name: "Chats" });
const entry = (page: Page, title: string) => list(page).getByRole("link", { name: title });

async function act(page: Page, title: string, item: string): Promise<void> {
  await entry(page, title).hover();
  await list(page).getByRole("button", { name: `Actions for “${title}”` }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

async function fromListMenu(page: Page, item: string): Promise<void> {
  await list(page).getByRole("button", { name: "More for the list" }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

test("a chat goes into a folder, and is found there after a reload", async ({ page, chat }) => {
  await begin(page, chat, { Monsoon: "When does it rain?", Recipes: "How is dal made?" });
  await fromListMenu(page, "New folder");
  await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill("Travel");
  await page.keyboard.press("Enter");
  const folder = list(page).getByRole("button", { name: "Travel", exact: false }).first();
  await expect(folder).toBeVisible();
  await act(page, "Monsoon", "Move to a folder…");
  await page.getByRole("dialog").getByRole("option", { name: "Travel" }).click();
  await expect(folder).toContainText("1");
  await expect(entry(page, "Monsoon")).toHaveCount(0);
  await page.reload();
  await folder.click();
  await expect(entry(page, "Monsoon")).toBeVisible();
  await expectAccessible(page, "folders");
});

test("a tag narrows the list", async ({ page, chat }) => {
  await begin(page, chat, { Monsoon: "When does it rain?", Recipes: "How is dal made?" });
  await act(page, "Recipes", "Tags…");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Add a tag" }).fill("ghar");
  await page.keyboard.press("Enter");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(entry(page, "Recipes")).toContainText("ghar");
  await list(page).getByRole("button", { name: "Filters" }).click();
  await page.getByRole("dialog", { name: "Filters" }).getByRole("button", { name: /^ghar/ }).click();
  await page.keyboard.press("Escape");
  await expect(entry(page, "Recipes")).toBeVisible();
  await expect(entry(page, "Monsoon")).toHaveCount(0);
  await list(page).getByRole("button", { name: "Remove the filter ghar" }).click();
  await expect(entry(page, "Monsoon")).toBeVisible();
});

test("a message is searched in any spelling, and jumped to", async ({ page, chat }) => {
  await begin(page, chat, { Dosti: "Tum kaise ho, purane dost?", Recipes: "How is dal made?" });
  await list(page).getByRole("searchbox", { name: "Search chats" }).fill("kese");
  const hit = list(page).getByRole("link", { name: /Tum kaise ho/ });
  await expect(hit).toBeVisible();
  await expect(hit.locator("mark")).toHaveText("kaise");
  await expectAccessible(page, "search results");
  await hit.click();
  await expect(page).toHaveURL(/\/chat\/[\w-]+/);
  await expect(log(page).getByText("Tum kaise ho, purane dost?")).toBeInViewport();
});

test("several chats are archived at once, and brought back", async ({ page, chat }) => {
  await begin(page, chat, { First: "One", Second: "Two", Third: "Three" });
  await expect(entry(page, "Third")).toBeVisible();
  await fromListMenu(page, "Choose chats");
  await list(page).getByRole("checkbox", { name: "First" }).check();
  await list(page).getByRole("checkbox", { name: "Third" }).check();
  const bar = page.getByRole("region", { name: "Chosen chats" });
  await expect(bar.getByRole("status")).toHaveText("2 chosen");
  await expectAccessible(page, "choosing");
  await bar.getByRole("button", { name: "Archive" }).click();
  await expect(entry(page, "Second")).toBeVisible();
  await expect(entry(page, "First")).toHaveCount(0);
  await fromListMenu(page, "Archived chats");
  const archive = page.getByRole("navigation", { name: "Archived chats" });
  await expect(archive.getByRole("link", { name: "First" })).toBeVisible();
  await expect(archive.getByRole("link", { name: "Third" })).toBeVisible();
});
