// The first minutes of a new user: no key, no settings, and a real model answers.
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { expect, test } from "./support/test";

const picture = resolve(import.meta.dirname, "../../docs/images/chat.png");

test.setTimeout(120_000);

test("register, ask the built-in model, and watch it answer", async ({ page }) => {
  await page.goto("/register");
  await page.getByLabel("Name").fill("Asha");
  await page.getByLabel("E-mail").fill("asha.first@example.org");
  await page.getByLabel("Password", { exact: true }).fill("ganga yamuna prayag");
  await page.keyboard.press("Enter");
  const box = page.getByRole("textbox", { name: "Your message" });
  await expect(page.getByRole("button", { name: /SmolLM2 135M, built in/ })).toBeVisible();
  await box.fill("What is the capital of France?");
  await page.keyboard.press("Enter");
  const log = page.getByRole("log");
  const stop = page.getByRole("button", { name: "Stop the answer" });
  const copy = page.getByRole("button", { name: "Copy the answer" });
  await expect(copy).toBeVisible({ timeout: 60_000 });
  await expect(stop).toBeHidden();
  await expect(log.getByText("SmolLM2 135M, built in")).toBeVisible();
  const first = await answers(page);
  expect(first).toHaveLength(1);
  expect(first[0]?.status).toBe("complete");
  expect(first[0]?.content).toMatch(/\w{3}/);
  if (process.env["SANGAM_PICTURE"]) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.screenshot({ path: picture });
  }

  // Tokens arrive: the answer is longer each time that it is looked at.
  await box.fill("Write a long story about a river that meets another river. Use many paragraphs.");
  await page.keyboard.press("Enter");
  const lengths = new Set<number>();
  await expect
    .poll(
      async () => {
        const answer = (await answers(page))[1];
        if (answer) lengths.add(answer.content.length);
        return lengths.size > 3 || answer?.status === "complete";
      },
      { timeout: 60_000, intervals: [100] },
    )
    .toBe(true);
  expect(lengths.size).toBeGreaterThan(2);
  // How long a story gets is the model's own affair: it is stopped, unless it has ended.
  if (await stop.isVisible()) await stop.click({ timeout: 5000 }).catch(() => undefined);
  await expect(copy).toHaveCount(2);
  await expect(stop).toBeHidden();
});

/** The answers of the open chat, as the server has them. */
async function answers(page: Page): Promise<{ status: string; content: string; role: string }[]> {
  const chat = `/api${new URL(page.url()).pathname.replace("/chat/", "/chats/")}`;
  const response = await page.request.get(chat);
  if (!response.ok()) return [];
  const { messages } = (await response.json()) as { messages: { status: string; content: string; role: string }[] };
  return messages.filter(({ role }) => role === "assistant");
}
