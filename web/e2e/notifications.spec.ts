// What people are told that did not happen before their eyes: live, stored, and by the browser.
import type { Browser, Page } from "@playwright/test";
import { Provider } from "./support/provider";
import { Server } from "./support/server";
import { type Account, expect, newAccount, post, signIn, test } from "./support/test";

test.setTimeout(120_000);

const bell = (page: Page) => page.getByRole("button", { name: /^Notifications/ });
const toast = (page: Page, text: string | RegExp) => page.getByRole("alertdialog").filter({ hasText: text });

/** Tells everybody of `server` something, as its administrator. */
async function announce(browser: Browser, server: Server, admin: Account, titles: readonly string[]): Promise<void> {
  const context = await browser.newContext();
  const page = await context.newPage();
  await signIn(page, admin, server.url);
  for (const title of titles) {
    const told = await context.request.post(`${server.url}/api/admin/notices`, { data: { title }, headers: { origin: server.url } });
    expect(told.status()).toBe(201);
  }
  await context.close();
}

test("an answer that ends in a chat one has left is told, and leads there", async ({ page }) => {
  const provider = await Provider.start();
  const server = await Server.create({ OPENAI_BASE_URL: provider.url, SANGAM_LOCAL_MODEL__ENABLED: "false", SANGAM_CHATS__TITLES: "false" });
  try {
    const account = newAccount();
    await post(server.url, "/api/auth/register", account);
    await signIn(page, account, server.url);
    await page.goto(server.url);
    await page.getByRole("button", { name: /^(Model:|Choose a model)/ }).click();
    await page.getByRole("option", { name: /^steady\b/ }).click();
    await page.getByRole("textbox", { name: "Your message" }).fill("Which rivers meet?");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("log").getByText(/It comes/)).toBeVisible();
    await page.getByRole("main").focus();
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();

    await expect(page.getByRole("button", { name: "Notifications, 1 unread" })).toBeVisible();
    await bell(page).click();
    await page.getByRole("dialog", { name: "Notifications" }).getByRole("link", { name: /Which rivers meet/ }).click();
    await expect(page).toHaveURL(/\/chat\//);
    await expect(page.getByRole("log").getByText("and it ends here.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Notifications", exact: true })).toBeVisible();
  } finally {
    provider.stop();
    await server.remove();
  }
});

test("an administrator's notice reaches those who are here, and waits for the others", async ({ page, account, admin, server, browser }) => {
  await page.goto("/settings");
  await expect(page.getByText("This session")).toBeVisible();

  const office = await browser.newContext({ baseURL: server.url });
  const desk = await office.newPage();
  await signIn(desk, admin, server.url);
  await desk.goto("/admin");
  const form = desk.getByRole("region", { name: "Notice to everybody" });
  await form.getByLabel("What is it about?").fill("Maintenance on Sunday");
  await form.getByLabel("Link, if any").fill("javascript:alert(1)");
  await form.getByRole("button", { name: "Tell everybody" }).click();
  await expect(form.getByText("An https address, or a path that begins with /.")).toBeVisible();
  await form.getByLabel("Link, if any").fill("/settings");
  await form.getByLabel("Details, if any").fill("From 22:00.");
  await form.getByRole("button", { name: "Tell everybody" }).click();
  await expect(desk.getByText(/people have been told|person has been told/)).toBeVisible();
  await office.close();

  await expect(toast(page, "Maintenance on Sunday")).toBeVisible();
  await expect(bell(page)).toHaveAccessibleName(/unread/);
  await page.keyboard.press("Escape");
  await page.goto("/notifications");
  const row = page.getByRole("listitem").filter({ hasText: "Maintenance on Sunday" });
  await expect(row.getByText("From the administrator")).toBeVisible();
  await page.getByText(/^Unread/).first().click();
  await expect(row).toBeVisible();
  await page.getByRole("button", { name: "Mark all as read" }).click();
  await expect(page.getByRole("button", { name: "Notifications", exact: true })).toBeVisible();
  await page.reload();
  await expect(row.getByText("Unread:")).toHaveCount(0);
  await row.hover();
  await row.getByRole("button", { name: /^Delete/ }).click();
  await expect(row).toHaveCount(0);
  await page.reload();
  await expect(page.getByRole("heading", { name: "Notifications", level: 1 })).toBeVisible();
  await expect(row).toHaveCount(0);
  expect(account.name).not.toBe("");
});

test("what was read in one tab is read in the other", async ({ page, account, admin, server, browser }) => {
  await page.goto("/settings");
  const other = await page.context().newPage();
  await other.goto("/notifications");
  await announce(browser, server, admin, ["A word in two tabs"]);
  await expect(bell(page)).toHaveAccessibleName(/unread/);
  await other.getByRole("button", { name: "Mark all as read" }).click();
  await expect(page.getByRole("button", { name: "Notifications", exact: true })).toBeVisible();
  expect(account.name).not.toBe("");
});

test("the browser is asked on a press alone, and speaks only while nobody looks", async ({ page, account, admin, server, browser }) => {
  // The real thing cannot be seen from a test, and no test can look away: both are told apart by a stand-in.
  await page.addInitScript(() => {
    const told: string[] = [];
    let permission = "default";
    let isHidden = false;
    class Stand extends EventTarget {
      static get permission() {
        return permission;
      }
      static requestPermission() {
        told.push("asked");
        permission = "granted";
        return Promise.resolve(permission);
      }
      constructor(title: string) {
        super();
        told.push(title);
      }
    }
    Object.defineProperty(document, "visibilityState", { get: () => (isHidden ? "hidden" : "visible") });
    Object.assign(window, { Notification: Stand, told, lookAway: () => (isHidden = true), lookBack: () => (isHidden = false) });
  });
  const told = () => page.evaluate(() => (window as unknown as { told: string[] }).told);
  const call = (name: "lookAway" | "lookBack") => page.evaluate((what) => (window as unknown as Record<string, () => void>)[what]?.(), name);
  await page.goto("/notifications");
  await page.waitForLoadState("networkidle");
  expect(await told()).toEqual([]);
  await page.getByText("Notifications of the browser").click();
  await expect(page.getByRole("switch", { name: /Notifications of the browser/ })).toBeChecked();
  expect(await told()).toEqual(["asked"]);

  await announce(browser, server, admin, ["Seen on the page"]);
  await expect(toast(page, "Seen on the page")).toBeVisible();
  await call("lookAway");
  await announce(browser, server, admin, ["One by the browser"]);
  await expect.poll(told).toEqual(["asked", "One by the browser"]);
  await announce(browser, server, admin, ["First of three", "Second of three", "Third of three"]);
  await expect.poll(told).toEqual(["asked", "One by the browser", "3 new notifications"]);
  await call("lookBack");
  expect(account.name).not.toBe("");
});

test("who was away hears of it in one sentence", async ({ page, account, admin, server, browser }) => {
  await page.goto("/settings");
  await expect(page.getByText("This session")).toBeVisible();
  await page.waitForLoadState("networkidle");
  await page.context().setOffline(true);
  await announce(browser, server, admin, ["While away, one", "While away, two", "While away, three", "While away, four"]);
  await page.context().setOffline(false);
  await expect(toast(page, "4 new notifications")).toBeVisible({ timeout: 40_000 });
  await expect(page.getByRole("alertdialog")).toHaveCount(1);
  expect(account.name).not.toBe("");
});
