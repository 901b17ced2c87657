// Two tabs, two devices and two people: what one does the other sees, or does not; lines that break.
import type { Browser, Page } from "@playwright/test";
import { ask, askOn, call, composer, log, test } from "./support/chat";
import type { Server } from "./support/server";
import { type Account, expect, newAccount, post, signIn } from "./support/test";

test.setTimeout(120_000);

/** A browser of its own, as on another device, with `person` signed in. */
async function device(browser: Browser, server: Server, person: Account): Promise<Page> {
  const context = await browser.newContext({ locale: "en-GB", viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  await signIn(page, person, server.url);
  return page;
}

test("two tabs stay in step", async ({ page, chat, context }) => {
  await ask(page, chat, "pebble", "From the first tab");
  await expect(log(page).getByText("Measure first.")).toBeVisible();
  const second = await context.newPage();
  await second.goto(page.url());
  await expect(log(second).getByText("From the first tab")).toBeVisible();

  await askOn(second, "From the second tab");
  await expect(log(page).getByText("From the second tab")).toBeVisible();
  await expect(log(page).getByText("Measure first.")).toHaveCount(2);

  await log(page).getByRole("article", { name: "Answer of pebble" }).last().getByRole("button", { name: "Good answer" }).click();
  await expect(log(second).getByRole("button", { name: "Good answer" }).last()).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Escape");

  await second.getByRole("main").focus();
  await second.keyboard.press("e");
  await log(second).getByRole("textbox").fill("In other words");
  await log(second).getByRole("textbox").press("Control+Enter");
  await expect(log(page).getByText("In other words")).toBeVisible();
  await expect(log(page).getByText("From the second tab")).toHaveCount(0);

  await log(page).getByText("In other words").hover();
  await page.getByRole("button", { name: "Previous answer" }).click();
  await expect(log(second).getByText("From the second tab")).toBeVisible();
});

test("an answer streams in both tabs over the socket alone", async ({ page, chat, context }) => {
  const streams: string[] = [];
  await context.route(/\/stream$/, (route) => {
    streams.push(route.request().url());
    return route.continue();
  });
  await ask(page, chat, "instant", "Warm up");
  await expect(log(page).getByText("and it ends here.")).toBeVisible();
  const second = await context.newPage();
  await second.goto(page.url());
  await expect(log(second).getByText("Warm up")).toBeVisible();
  streams.length = 0;
  await page.getByRole("button", { name: /^Model:/ }).click();
  await page.getByRole("option", { name: /^steady\b/ }).click();
  await askOn(page, "Stream now");
  for (const tab of [page, second]) await expect(log(tab).getByText("and it ends here.")).toHaveCount(2);
  expect(streams).toEqual([]);
});

test("a blind vote in one tab reveals the models in the other", async ({ page, chat, context }) => {
  await page.goto(chat.url);
  const made = await call<{ chat: { id: string } }>(page, chat, "POST", "/api/chats", { message: "Which?", models: ["pebble", "river"], blind: true });
  const second = await context.newPage();
  for (const tab of [page, second]) await tab.goto(`${chat.url}/chat/${made.chat.id}`);
  for (const tab of [page, second]) {
    await expect(tab.getByRole("button", { name: "Tie" })).toBeEnabled();
    await expect(log(tab).getByText(/pebble|river/)).toHaveCount(0);
  }
  await page.getByRole("button", { name: "Tie" }).click();
  for (const tab of [page, second]) {
    await expect(log(tab).getByText("You called it a tie.")).toBeVisible();
    await expect(log(tab).getByRole("article", { name: "Answer of pebble" })).toBeVisible();
  }
});

test("another device is seen, and seen typing; another person sees nothing", async ({ page, chat, person, browser }) => {
  await ask(page, chat, "pebble", "Private matters");
  await expect(log(page).getByText("Measure first.")).toBeVisible();
  const laptop = await device(browser, chat, person);
  await laptop.goto(page.url());
  await expect(page.getByText(/^Also open on /)).toBeVisible();
  await expect(laptop.getByText(/^Also open on /)).toBeVisible();
  await composer(laptop).pressSequentially("I am thinking");
  await expect(page.getByText(/^Typing on /)).toBeVisible();
  await laptop.context().close();
  await expect(page.getByText(/^Also open on /)).toHaveCount(0);

  const stranger = newAccount("Mira");
  await post(chat.url, "/api/auth/register", stranger);
  const other = await device(browser, chat, stranger);
  await other.goto(page.url());
  await expect(other.getByText("This chat does not exist")).toBeVisible();
  await expect(other.getByText("Private matters")).toHaveCount(0);
  await expect(page.getByText(/^Also open on /)).toHaveCount(0);
  await other.context().close();
});

test("a line that was away is caught up with, without a storm of notices", async ({ page, chat, context }) => {
  await ask(page, chat, "slow", "Through a tunnel");
  await expect(log(page).getByText(/It comes/)).toBeVisible();
  const second = await context.browser()?.newContext();
  await context.setOffline(true);
  await page.waitForTimeout(4_000);
  await context.setOffline(false);
  await expect(log(page).getByText("and it ends here.")).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("alertdialog")).toHaveCount(0);
  await expect(log(page).getByRole("heading", { name: "A steady answer" })).toHaveCount(1);
  await askOn(page, "And on");
  await second?.close();
});

test("without sockets everything comes over plain requests", async ({ page, chat, context }) => {
  await context.route(/\/socket\.io\//, (route) => route.abort());
  await context.routeWebSocket(/socket\.io/, (socket) => socket.close());
  await ask(page, chat, "steady", "No sockets here");
  await expect(log(page).getByText(/It comes/)).toBeVisible();
  await expect(log(page).getByText("and it ends here.")).toBeVisible();
  await page.getByRole("main").focus();
  await page.keyboard.press("r");
  await expect(page.getByRole("group", { name: "Answer 2 of 2" })).toBeVisible();
  await expect(log(page).getByText("and it ends here.")).toBeVisible();
});
