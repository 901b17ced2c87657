// Answers that come fast, as they look on the screen.
import type { Page } from "@playwright/test";
import { framesDuring } from "./probes";
import { type Stage, measured, test } from "./stage";

async function stream(page: Page, { call }: Stage, model: string) {
  await call("PATCH", "/api/auth/me", { defaultModel: model });
  await page.goto("/");
  await page.waitForLoadState("networkidle");
  const box = page.getByRole("textbox", { name: "Your message" });
  await box.fill("Ten languages, please");
  const stop = page.getByRole("button", { name: "Stop the answer" });
  return framesDuring(page, async () => {
    await box.press("Enter");
    await page.getByRole("log").getByText("In rust").first().waitFor();
    await stop.waitFor({ state: "hidden" });
  });
}

test("200 tokens a second", async ({ page, stage }) => {
  const { fps, tasks } = await stream(page, stage, "tokens-200");
  measured("streamFps", fps);
  measured("streamTasks", tasks.filter((ms) => ms > 100).length);
  measured("streamShortTasks", tasks.length);
});

test("1,000 tokens a second", async ({ page, stage }) => {
  const { fps } = await stream(page, stage, "tokens-1000");
  measured("floodFps", fps);
});
