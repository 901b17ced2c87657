// What a model is told: the gauge, a summary made and undone, parameters and where they are shown.
import { ask, askOn, composer, log, test } from "./support/chat";
import { expect, expectAccessible } from "./support/test";

test.setTimeout(120_000);

test("the gauge shows what fills the model, and older turns can be summed up and told again", async ({ page, chat }) => {
  await ask(page, chat, "pebble", "One");
  await expect(log(page).getByText("Measure first.")).toHaveCount(1);
  await askOn(page, "Two");
  await expect(log(page).getByText("Measure first.")).toHaveCount(2);
  const gauge = page.getByRole("button", { name: /^Context .* full$/ });
  await composer(page).fill("word ".repeat(1_000));
  await gauge.click();
  const panel = page.getByRole("dialog", { name: "What the model is told" });
  await expect(panel.getByText("4 messages")).toBeVisible();
  await expect(panel.getByText("Your next question")).toBeVisible();
  await expect(panel.getByText("Kept free for the answer")).toBeVisible();
  await expectAccessible(page, "what fills the context");
  await panel.getByRole("button", { name: "Sum up now" }).click();
  await expect(panel.getByText("Summary of earlier turns")).toBeVisible();
  await page.keyboard.press("Escape");
  const card = log(page).getByRole("region", { name: "Earlier turns are told in a summary" });
  await card.getByRole("button", { name: /Earlier turns/ }).click();
  await expect(card.getByText(/Written by pebble/)).toBeVisible();
  await expectAccessible(page, "an open summary");
  await page.reload();
  await card.getByRole("button", { name: "Undo" }).click();
  await expect(card).toHaveCount(0);
  await gauge.click();
  await expect(panel.getByText("4 messages")).toBeVisible();
  await expect(panel.getByText("Summary of earlier turns")).toHaveCount(0);
});

test("parameters are kept with the chat, and shown on the answer that used them", async ({ page, chat }) => {
  await ask(page, chat, "pebble", "Before");
  await expect(log(page).getByText("Measure first.")).toBeVisible();
  await page.getByRole("button", { name: "Settings of this chat" }).click();
  const panel = page.getByRole("dialog", { name: "Settings of this chat" });
  await panel.getByRole("textbox", { name: "System prompt" }).fill("Answer like a river.");
  await panel.getByRole("textbox", { name: "Temperature" }).fill("0.3");
  await panel.getByRole("textbox", { name: "Stop texts" }).fill("END\n###");
  await expectAccessible(page, "the settings of a chat");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Settings of this chat, changed" })).toBeVisible();
  await askOn(page, "After");
  const answers = log(page).getByRole("article", { name: "Answer of pebble" });
  await expect(answers.last().getByText("System prompt · Temperature 0.3 · Stop texts")).toBeVisible();
  await expect(answers.first().getByText(/Temperature/)).toHaveCount(0);
  await answers.last().getByRole("button", { name: "Details of the answer" }).click();
  const details = page.getByRole("dialog", { name: "Details" });
  await expect(details.getByText("Answer like a river.")).toBeVisible();
  await expect(details.getByText('"END" "###"')).toBeVisible();
  await expectAccessible(page, "the details of an answer");
});
