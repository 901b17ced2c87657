// The first minutes of a new user: no key, no settings, and a real model answers.
import { resolve } from "node:path";
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
  await box.fill("Write a long story about a river that meets another river. Use many paragraphs.");
  await page.keyboard.press("Enter");
  // Tokens arrive: the answer is longer each time that it is looked at.
  await page.waitForURL(/\/chat\//);
  const chat = `/api${new URL(page.url()).pathname.replace("/chat/", "/chats/")}`;
  const lengths = new Set<number>();
  await expect
    .poll(
      async () => {
        const response = await page.request.get(chat);
        const answer = response.ok() ? (await response.json()).messages[1] : undefined;
        lengths.add(answer?.content.length ?? 0);
        return answer?.status;
      },
      { timeout: 60_000, intervals: [20] },
    )
    .toBe("complete");
  expect(lengths.size).toBeGreaterThan(2);
  const log = page.getByRole("log");
  const stop = page.getByRole("button", { name: "Stop the answer" });
  await expect(page.getByRole("button", { name: "Copy the answer" })).toBeVisible({ timeout: 50_000 });
  await expect(stop).toBeHidden();
  await expect(log.getByText("SmolLM2 135M, built in")).toBeVisible();
  if (process.env["SANGAM_PICTURE"]) {
    await page.setViewportSize({ width: 1280, height: 800 });
    await page.screenshot({ path: picture });
  }
});
