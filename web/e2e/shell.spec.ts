import { expect, test } from "./support/test";

test("everything is reached by keys", async ({ page, account }) => {
  await page.goto("/settings");
  await expect(page.getByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  await page.locator("body").press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();

  await page.keyboard.press("Shift+?");
  await expect(page.getByRole("dialog").getByRole("heading", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("main")).toBeFocused();

  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await expect(page).toHaveURL(/\/$/);

  await page.keyboard.press("Control+k");
  await page.getByRole("dialog").getByRole("searchbox").waitFor();
  await page.keyboard.type("settings");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/settings$/);
  expect(account.name).not.toBe("");
});

test("single keys can be turned off", async ({ page, account }) => {
  await page.goto("/settings");
  await page.getByText("Single-key shortcuts").click();
  await page.getByRole("main").focus();
  await page.keyboard.press("Shift+?");
  await page.keyboard.press("Control+k");
  await expect(page.getByRole("dialog", { name: "Commands" })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Keyboard shortcuts" })).toHaveCount(0);
  expect(account.name).not.toBe("");
});

test("language and appearance are remembered on the device", async ({ page, account }) => {
  await page.goto("/settings");
  await page.locator("label", { hasText: "Hinglish" }).click();
  await page.locator("label", { hasText: "Dark" }).click();
  await page.reload();
  await expect(page.getByText("Yahi session")).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "hi-Latn");
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
  expect(account.name).not.toBe("");
});

test("on a phone the menu is a drawer", async ({ page, account }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto("/settings");
  await expect(page.getByRole("complementary")).toBeHidden();
  await page.getByRole("button", { name: "Open the menu" }).click();
  const drawer = page.getByRole("dialog", { name: "Sidebar" });
  await expect(drawer.getByRole("button", { name: `Account menu, ${account.name}` })).toBeVisible();
  await drawer.getByRole("link", { name: "New chat" }).click();
  await expect(drawer).toBeHidden();
  await expect(page).toHaveURL(/\/$/);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
});

test("a server that goes away is waited for", async ({ page, account, server }) => {
  await page.goto("/settings");
  await expect(page.getByText("This session")).toBeVisible();
  await server.stop("SIGKILL");
  await page.getByRole("region", { name: "Profile" }).getByLabel("Name").fill("Somebody");
  await page.getByRole("region", { name: "Profile" }).getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("The server is not answering. Trying again…")).toBeVisible();
  await server.start();
  await expect(page.getByText("The server is not answering. Trying again…")).toBeHidden();
  await page.getByRole("region", { name: "Profile" }).getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("button", { name: "Account menu, Somebody" })).toBeVisible();
  expect(account.name).not.toBe("");
});

test("a page opened while the server is away comes by itself", async ({ page, account, server }) => {
  await page.goto("/settings");
  await expect(page.getByText("This session")).toBeVisible();
  // The page is here, the answer about who is signed in is not.
  await page.route("**/api/auth/me", (route) => route.abort());
  await page.route("**/health", (route) => route.abort());
  await page.reload();
  await expect(page.getByRole("heading", { name: "The server is not answering" })).toBeVisible();
  await page.unroute("**/api/auth/me");
  await page.unroute("**/health");
  await expect(page.getByRole("button", { name: `Account menu, ${account.name}` })).toBeVisible();
  expect(server.url).toContain("127.0.0.1");
});
