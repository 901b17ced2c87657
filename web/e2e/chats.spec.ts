// The life of an answer as a person sees it, with a provider whose timing is known.
import { ask, log, test } from "./support/chat";
import { expect, expectAccessible } from "./support/test";

// Two cores that also run the server, the browser and the provider may be slow.
test.setTimeout(120_000);

test("an answer comes token by token and is rendered as Markdown", async ({ page, chat }) => {
  await ask(page, chat, "steady", "Show me everything");
  await expect(page.getByRole("button", { name: "Stop the answer" })).toBeVisible();
  await expect(log(page).getByRole("heading", { name: "A steady answer" })).toBeVisible();
  await expect(log(page).getByText("and it ends here.")).toBeVisible();
  await expect(log(page).getByRole("listitem")).toHaveCount(2);
  await expect(log(page).getByText('println!("hello");')).toBeVisible();
  await expect(page.getByRole("button", { name: "Copy the answer" })).toBeVisible();
});

test("a reload in mid-answer goes on where it was", async ({ page, chat }) => {
  await ask(page, chat, "steady", "Reload me");
  await expect(log(page).getByText(/It comes/)).toBeVisible();
  await page.reload();
  await expect(log(page).getByText("Reload me")).toBeVisible();
  await expect(log(page).getByText("and it ends here.")).toBeVisible();
  await expect(log(page).getByRole("heading", { name: "A steady answer" })).toHaveCount(1);
});

test("stop keeps what was shown, and another answer can be had", async ({ page, chat }) => {
  await ask(page, chat, "endless", "Never ends");
  await expect(log(page).getByText(/on and on and/)).toBeVisible();
  await page.getByRole("button", { name: "Stop the answer" }).click();
  await expect(log(page).getByText("You stopped this answer.")).toBeVisible();
  await expect(log(page).getByText(/on and on and/)).toBeVisible();
  await page.getByRole("button", { name: "Another answer" }).click();
  await page.getByRole("option", { name: /^instant\b/ }).click();
  await expect(log(page).getByText("and it ends here.")).toBeVisible();
  await page.getByRole("button", { name: "Previous answer" }).click();
  await expect(log(page).getByText(/on and on and/)).toBeVisible();
});

test("a failure says what happened and can be tried again", async ({ page, chat }) => {
  await ask(page, chat, "limited", "Too often");
  await expect(log(page).getByText("The provider limits how often it may be asked.")).toBeVisible();
  await expect(log(page).getByRole("button", { name: "Try again" })).toBeVisible();
  await expectAccessible(page, "a failed answer");
});

test("a server that dies in mid-answer keeps it, and it can be continued", async ({ page, chat }) => {
  await ask(page, chat, "slow", "Survive");
  await expect(log(page).getByText(/It comes/)).toBeVisible({ timeout: 20_000 });
  await chat.stop("SIGKILL");
  await chat.start();
  await page.reload();
  await expect(log(page).getByText(/It comes/)).toBeVisible();
  await page.getByRole("button", { name: "Continue", exact: true }).click();
  await expect(log(page).getByText(/and this is the rest of it\./)).toBeVisible();
  await expect(log(page).getByText(/It comes/)).toBeVisible();
});

for (const theme of ["light", "dark"]) {
  test(`a conversation has no accessibility violation, ${theme}`, async ({ page, chat }) => {
    await page.addInitScript((chosen) => {
      if (location.protocol !== "about:") localStorage.setItem("sangam.theme", chosen);
    }, theme);
    await ask(page, chat, "reasoning", "Think");
    await expect(log(page).getByText("Yes.")).toBeVisible();
    for (const [width, height] of [
      [1280, 800],
      [390, 844],
    ] as const) {
      await page.setViewportSize({ width, height });
      await expectAccessible(page, `a conversation, ${theme}, ${width} wide`);
    }
  });
}
