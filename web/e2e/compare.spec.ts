// One question to several models: columns, the way on with one of them, and votes cast blind.
import type { Page } from "@playwright/test";
import { composer, log, test } from "./support/chat";
import { expect, expectAccessible } from "./support/test";

test.setTimeout(120_000);

/** Chooses the models to be compared in a new chat. */
async function compare(page: Page, url: string, models: readonly string[]): Promise<void> {
  await page.goto(url);
  await page.getByRole("button", { name: "Compare models side by side" }).click();
  const bar = page.getByRole("group", { name: "Models to compare" });
  await bar.getByRole("button", { name: /^Leave out/ }).click();
  for (const model of models) await add(page, model);
}

async function add(page: Page, model: string): Promise<void> {
  const bar = page.getByRole("group", { name: "Models to compare" });
  await bar.getByRole("button", { name: "Add a model" }).click();
  await page.getByRole("option", { name: new RegExp(`^${model}\\b`) }).click();
  await expect(bar.getByRole("button", { name: `Leave out ${model}` })).toBeVisible();
}

async function put(page: Page, question: string): Promise<void> {
  await composer(page).fill(question);
  await composer(page).press("Enter");
  await expect(page).toHaveURL(/\/chat\//);
}

const column = (page: Page, model: string) => log(page).getByRole("article", { name: `Answer of ${model}` });

test("three answers stream beside each other, and the chat goes on with one", async ({ page, chat }) => {
  await compare(page, chat.url, ["pebble"]);
  await expect(page.getByText("Choose two to four models.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Send" })).toBeDisabled();
  for (const model of ["slow", "river"]) await add(page, model);
  await put(page, "Which way?");
  await expect(log(page).getByRole("region", { name: "Comparison of 3 answers" })).toBeVisible();
  // The slow one is still at it while the others have ended.
  await expect(column(page, "pebble").getByText("Measure first.")).toBeVisible();
  await expect(column(page, "slow")).toHaveAttribute("aria-busy", "true");
  await expect(column(page, "river").getByText("nobody has to try it again.")).toBeVisible();
  await column(page, "slow").getByRole("button", { name: "Stop this answer" }).click();
  await expect(column(page, "slow").getByText("You stopped this answer.")).toBeVisible();
  await expect(column(page, "pebble").getByText(/first words \d+/)).toBeVisible();
  await expect(column(page, "pebble").getByText(/tokens\/s/)).toBeVisible();
  await expectAccessible(page, "three answers beside each other");

  await column(page, "river").getByRole("button", { name: "Use this one" }).click();
  await expect(log(page).getByRole("article")).toHaveCount(2);
  await composer(page).fill("Go on");
  await composer(page).press("Enter");
  await expect(log(page).getByText("nobody has to try it again.")).toHaveCount(2);
  await log(page).getByText("nobody has to try it again.").first().hover();
  await log(page).getByRole("button", { name: "3 answers side by side" }).click();
  await expect(column(page, "pebble")).toBeVisible();
});

test("a blind vote shows who wrote what, and is final", async ({ page, chat }) => {
  const seen: string[] = [];
  page.on("response", (response) => {
    if (!response.url().includes("/api/chats/") || response.url().includes("/stream")) return;
    response.text().then(
      (text) => seen.push(text),
      () => undefined,
    );
  });
  await compare(page, chat.url, ["pebble", "river"]);
  await page.getByRole("button", { name: "Blind" }).click();
  await expect(page.getByText(/stay hidden until you say/)).toBeVisible();
  await put(page, "Who are you?");
  await expect(column(page, "Answer A")).toBeVisible();
  await expect(page.getByRole("button", { name: "Right is better" })).toBeEnabled();
  for (const theme of ["light", "dark"]) {
    await page.evaluate((chosen) => (document.documentElement.dataset["theme"] = chosen), theme);
    await expectAccessible(page, `a blind comparison, ${theme}`);
  }
  await expect(log(page).getByText(/pebble|river/)).toHaveCount(0);
  expect(seen.join("\n")).not.toMatch(/"model(?:Asked|Used)":"(?:pebble|river)"/);
  await page.getByRole("button", { name: "Right is better" }).click();
  await expect(log(page).getByText(/^You chose the right answer\. Left was (pebble, right was river|river, right was pebble)\.$/)).toBeVisible();
  await expect(column(page, "pebble")).toBeVisible();
  await expect(column(page, "river")).toBeVisible();
  await expect(log(page).getByText("Better")).toBeVisible();
  await page.reload();
  await expect(log(page).getByText("You chose the right answer.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Left is better" })).toHaveCount(0);
});

test("answers are swiped through on a phone", async ({ page, chat }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await compare(page, chat.url, ["pebble", "river"]);
  await put(page, "On the go");
  await expect(column(page, "pebble").getByText("Measure first.")).toBeVisible();
  await expect(column(page, "pebble")).toBeInViewport();
  await expect(column(page, "river")).not.toBeInViewport();
  await log(page).getByRole("group", { name: "Answers" }).getByRole("button", { name: "river" }).click();
  await expect(column(page, "river")).toBeInViewport({ ratio: 0.3 });
  await expect(page.getByRole("button", { name: "Right is better" })).toBeEnabled();
  await expectAccessible(page, "two answers on a phone");
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
});

test("a thumb is kept, with its reason", async ({ page, chat }) => {
  await compare(page, chat.url, ["pebble", "river"]);
  await put(page, "Rate me");
  const good = column(page, "pebble").getByRole("button", { name: "Good answer" });
  await good.click();
  await page.getByRole("textbox", { name: "What was good about it?" }).fill("Short and right");
  await expectAccessible(page, "the reason of a vote");
  await page.keyboard.press("Enter");
  await expect(good).toHaveAttribute("aria-pressed", "true");
  await page.reload();
  await expect(good).toHaveAttribute("aria-pressed", "true");
  await good.click();
  await expect(good).toHaveAttribute("aria-pressed", "false");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});
