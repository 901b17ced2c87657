import type { Page } from "@playwright/test";
import { expect, expectAccessible, signIn, test } from "./support/test";

const looks = ["light", "dark"].flatMap((theme) => ["en", "hi-Latn"].map((locale) => ({ theme, locale })));
const sizes = [
  { size: "desktop", width: 1280, height: 800 },
  { size: "phone", width: 390, height: 844 },
];
const gates = ["/sign-in", "/register", "/setup#wrong", "/reset#wrong", "/invite", "/no/such/page"];
const rooms = ["/", "/notifications", "/settings", "/admin"];

async function checkAll(page: Page, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    // A fragment alone is no new page: leaving first makes every visit a fresh one.
    await page.goto("about:blank");
    await page.goto(path);
    await page.getByRole("heading", { level: 1 }).first().waitFor();
    await page.waitForLoadState("networkidle");
    for (const { size, width, height } of sizes) {
      await page.setViewportSize({ width, height });
      await expectAccessible(page, `${path} on a ${size}`);
    }
  }
}

for (const { theme, locale } of looks) {
  test.describe(`${theme}, ${locale}`, () => {
    test.beforeEach(async ({ page }) => {
      await page.addInitScript(
        ([chosenTheme, chosenLocale]) => {
          if (location.protocol === "about:") return;
          localStorage.setItem("sangam.theme", chosenTheme ?? "");
          localStorage.setItem("sangam.locale", chosenLocale ?? "");
        },
        [theme, locale],
      );
    });

    test("pages before signing in", async ({ page }) => {
      test.setTimeout(240_000);
      await checkAll(page, gates);
    });

    test("pages of a signed-in administrator", async ({ page, admin, server }) => {
      test.setTimeout(240_000);
      await signIn(page, admin, server.url);
      await checkAll(page, rooms);
    });

    test("notifications, read and unread", async ({ page, admin, server }) => {
      await signIn(page, admin, server.url);
      const headers = { origin: server.url };
      for (const data of [{ title: "Maintenance on Sunday", detail: "From 22:00.", link: "https://example.org/" }, { title: "Welcome" }]) {
        expect((await page.request.post(`${server.url}/api/admin/notices`, { data, headers })).status()).toBe(201);
      }
      await page.goto("/notifications");
      await page.getByRole("link", { name: /Maintenance/ }).first().waitFor();
      for (const { size, width, height } of sizes) {
        await page.setViewportSize({ width, height });
        await expectAccessible(page, `notifications on a ${size}`);
      }
      await page.setViewportSize({ width: 1280, height: 800 });
      await page.locator("aside").getByRole("button", { name: /Notifications/ }).click();
      await page.getByRole("dialog").getByRole("link", { name: /Maintenance/ }).first().waitFor();
      await expectAccessible(page, "the bell's panel");
    });

    test("menu, palette and dialogs", async ({ page, admin, server }) => {
      await signIn(page, admin, server.url);
      await page.goto("/settings");
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.locator("aside button[aria-haspopup]").last().click();
      await page.getByRole("menu").waitFor();
      await expectAccessible(page, "account menu");
      await page.keyboard.press("Escape");
      // What is closing still holds the focus.
      await expect(page.getByRole("menu")).toBeHidden();
      await page.getByRole("main").focus();
      await page.keyboard.press("Control+k");
      await page.getByRole("dialog").getByRole("searchbox").waitFor();
      await expectAccessible(page, "palette");
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toBeHidden();
      await page.getByRole("main").focus();
      await page.keyboard.press("Shift+?");
      await page.getByRole("switch").last().waitFor();
      await expectAccessible(page, "shortcuts");
    });
  });
}
