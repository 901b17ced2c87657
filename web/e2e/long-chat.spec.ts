// A chat as long as years of use make it: what is on the page stays small, whatever its length.
import { lengthen } from "./support/lengthen";
import { Provider } from "./support/provider";
import { Server } from "./support/server";
import { expect, newAccount, post, signIn, test } from "./support/test";

const messages = 2_000;
/** Elements of the thread at any time: a limit the page has promised itself. */
const most = 400;

test("a chat of 2,000 messages opens at its end and keeps few elements while it is scrolled", async ({ page }) => {
  test.setTimeout(120_000);
  const provider = await Provider.start();
  const server = await Server.create({
    OPENAI_BASE_URL: provider.url,
    SANGAM_LOCAL_MODEL__ENABLED: "false",
    SANGAM_CHATS__TITLES: "false",
  });
  try {
    const account = newAccount();
    await post(server.url, "/api/auth/register", account);
    await signIn(page, account, server.url);
    await page.goto(server.url);
    await page.getByRole("button", { name: /^(Model:|Choose a model)/ }).click();
    await page.getByRole("option", { name: /^instant\b/ }).click();
    await page.getByRole("textbox", { name: "Your message" }).fill("The first question");
    await page.keyboard.press("Enter");
    const log = page.getByRole("log");
    await expect(log.getByText("and it ends here.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Copy the answer" })).toBeVisible();
    const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
    await lengthen(server, [{ id, messages }]);

    await page.reload();
    await expect(log.getByText(`Answer ${messages - 2}`)).toBeVisible();
    await log.hover();
    let largest = 0;
    for (let turn = 0; turn < 40; turn += 1) {
      await page.mouse.wheel(0, -1_500);
      largest = Math.max(largest, await log.locator("*").count());
    }
    await expect(log.getByText(`Answer ${messages - 2}`)).toBeHidden();
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThanOrEqual(most);
  } finally {
    provider.stop();
    await server.remove();
  }
});
