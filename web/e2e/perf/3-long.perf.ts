// Chats as long as years of use make them.
import type { Page } from "@playwright/test";
import { framesDuring, keyTimes, paintAfter, timeKeys } from "./probes";
import { type Stage, expect, measured, median, test } from "./stage";

const wheelMs = 5_000;

async function open(page: Page, { title }: Stage["chats"]["two"], last: string): Promise<number> {
  await page.goto("/");
  await page.waitForLoadState("networkidle");
  const link = page.getByRole("link", { name: title });
  await link.waitFor();
  return paintAfter(page, { event: "click", selector: "[role=log] article", text: last }, () => link.click());
}

async function wheel(page: Page): Promise<void> {
  await page.getByRole("log").hover();
  for (const until = Date.now() + wheelMs; Date.now() < until; ) {
    await page.mouse.wheel(0, -400);
    await page.waitForTimeout(30);
  }
}

for (const [chat, messages, [openGoal, scrollGoal, nodesGoal]] of [
  ["two", 2_000, ["open2", "scroll2", "nodes2"]],
  ["ten", 10_000, ["open10", "scroll10", "nodes10"]],
] as const) {
  test(`${messages} messages`, async ({ page, stage }) => {
    const times: number[] = [];
    for (let round = 0; round < 3; round += 1) times.push(await open(page, stage.chats[chat], `Answer ${messages - 2}`));
    measured(openGoal, median(times));
    const { fps, elements } = await framesDuring(page, () => wheel(page));
    measured(scrollGoal, fps);
    measured(nodesGoal, elements);
  });
}

test("writing below 2,000 messages that are all held", async ({ page, stage }) => {
  await open(page, stage.chats.two, "Answer 1998");
  const log = page.getByRole("log");
  const first = log.getByText("Begin: Two thousand");
  await log.hover();
  await expect(async () => {
    // By hand: what scrolls by itself is taken back to the end.
    await page.mouse.wheel(0, -1_000_000);
    await expect(first).toBeVisible({ timeout: 100 });
  }).toPass({ timeout: 120_000, intervals: [10] });
  await page.getByRole("button", { name: "To the latest message" }).click();
  const box = page.getByRole("textbox", { name: "Your message" });
  await box.focus();
  await timeKeys(page);
  await page.keyboard.type("What did we say about the bridge and the boats?", { delay: 60 });
  await page.waitForTimeout(200);
  const times = (await keyTimes(page)).toSorted((a, b) => a - b);
  measured("key", times[Math.ceil(times.length * 0.95) - 1] ?? Number.NaN);
});

test("a paste of 20,000 lines", async ({ page, context, stage }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: stage.url });
  await page.goto(`/chat/${stage.chats.short.id}`);
  await page.waitForLoadState("networkidle");
  await page.getByRole("textbox", { name: "Your message" }).focus();
  const lines = Array.from({ length: 20_000 }, (_, line) => `${line}: the river bends here and goes on to the sea`);
  await page.evaluate((text) => navigator.clipboard.writeText(text), lines.join("\n"));
  const before = await page.locator("form *").count();
  const taken = await paintAfter(page, { event: "keydown", selector: "form *", count: before + 4 }, () => page.keyboard.press("Control+v"));
  measured("paste", taken);
  await expect(page.getByRole("textbox", { name: "Your message" })).toHaveValue("");
});
