// A chat that is written down nowhere, and says so.
import { Provider } from "./support/provider";
import { Server } from "./support/server";
import { expect, expectAccessible, newAccount, post, signIn, test } from "./support/test";

test.setTimeout(120_000);

test("a temporary chat is in no list, and what is typed stays on the page", async ({ page }) => {
  const provider = await Provider.start();
  const server = await Server.create({ OPENAI_BASE_URL: provider.url, SANGAM_LOCAL_MODEL__ENABLED: "false" });
  const account = newAccount();
  await post(server.url, "/api/auth/register", account);
  await signIn(page, account, server.url);
  await page.goto(server.url);
  await page.getByRole("button", { name: /instant|model/i }).last().click();
  await page.getByRole("option", { name: /^instant\b/ }).click();
  const box = page.getByRole("textbox", { name: "Your message" });
  await box.fill("A secret draft");
  await page.getByRole("button", { name: "Temporary chat" }).click();
  await expect(page.getByText("It is kept in the server’s memory alone", { exact: false })).toBeVisible();
  await expectAccessible(page, "new temporary chat");
  await box.fill("A secret question");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/chat\//);
  await expect(page.getByRole("log").getByText("and it ends here.")).toBeVisible();
  await expect(page.getByText("It is kept in the server’s memory alone", { exact: false })).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Chats" }).getByRole("link")).toHaveCount(0);
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain("secret");
  await expectAccessible(page, "temporary chat");

  await page.reload();
  await expect(page.getByRole("log").getByText("A secret question")).toBeVisible();
  await page.getByRole("banner").getByRole("button", { name: /^Actions for/ }).click();
  await expect(page.getByRole("menuitem", { name: "Rename" })).toBeVisible();
  await expect(page.getByRole("menuitem", { name: "Share…" })).toHaveCount(0);
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("alertdialog").or(page.getByRole("dialog")).getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("button", { name: "Temporary chat" })).toHaveAttribute("aria-pressed", "false");
  await server.remove();
  provider.stop();
});
