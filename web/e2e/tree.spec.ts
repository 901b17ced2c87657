// Branches: questions and answers in other words, the outline of all of them, forks, the way to a found place.
import { ask, askOn, call, composer, log, test } from "./support/chat";
import { expect, expectAccessible } from "./support/test";

test.setTimeout(120_000);

test("an edited question is a branch of its own, and both can be seen", async ({ page, chat }) => {
  await ask(page, chat, "pebble", "First wording");
  await expect(log(page).getByText("Measure first.")).toBeVisible();
  await log(page).getByRole("article", { name: "You" }).hover();
  await page.getByRole("button", { name: "Edit the question" }).click();
  const box = log(page).getByRole("textbox", { name: "Edit the question" });
  await expect(box).toBeFocused();
  await expect(box).toHaveValue("First wording");
  await box.fill("Second wording");
  await box.press("Control+Enter");
  await expect(log(page).getByText("Second wording")).toBeVisible();
  await expect(log(page).getByText("First wording")).toHaveCount(0);
  await expect(log(page).getByText("Measure first.")).toBeVisible();
  await log(page).getByRole("article", { name: "You" }).hover();
  await page.getByRole("group", { name: "Answer 2 of 2" }).getByRole("button", { name: "Previous answer" }).click();
  await expect(log(page).getByText("First wording")).toBeVisible();
  await page.reload();
  await expect(log(page).getByText("First wording")).toBeVisible();
});

test("Escape gives up an edit, and an answer can be put in other words", async ({ page, chat }) => {
  await ask(page, chat, "pebble", "What now?");
  await expect(log(page).getByText("Measure first.")).toBeVisible();
  await page.getByRole("main").focus();
  await page.keyboard.press("e");
  await expect(log(page).getByRole("textbox")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(log(page).getByRole("textbox")).toHaveCount(0);
  await page.getByRole("button", { name: "More for this message" }).click();
  await page.getByRole("menuitem", { name: "Edit the answer" }).click();
  const box = log(page).getByRole("textbox", { name: "Edit the answer" });
  await expect(box).toHaveValue(/it depends on the load/);
  await box.fill("It never depends.");
  await log(page).getByRole("button", { name: "Save" }).click();
  await expect(log(page).getByText("It never depends.")).toBeVisible();
  await expect(log(page).getByText("Edited by you")).toBeVisible();
  await page.getByRole("button", { name: "Previous answer" }).click();
  await expect(log(page).getByText("Measure first.")).toBeVisible();
});

test("the outline shows every branch, and the keys go to one", async ({ page, chat }) => {
  await ask(page, chat, "pebble", "Root question");
  await expect(log(page).getByText("Measure first.")).toBeVisible();
  await askOn(page, "Left branch");
  await expect(log(page).getByText("Measure first.")).toHaveCount(2);
  await log(page).getByText("Left branch").hover();
  await page.getByRole("button", { name: "Edit the question" }).last().click();
  await log(page).getByRole("textbox").fill("Right branch");
  await log(page).getByRole("textbox").press("Control+Enter");
  await expect(log(page).getByText("Right branch")).toBeVisible();
  await expect(page.getByRole("button", { name: "Stop the answer" })).toHaveCount(0);

  await page.getByRole("main").focus();
  await page.keyboard.press("t");
  const tree = page.getByRole("tree", { name: "Branches of this chat" });
  await expect(tree).toBeFocused();
  await expect(tree.getByRole("treeitem")).toHaveCount(6);
  await expect(tree.getByRole("treeitem", { name: /Left branch/ })).toHaveAttribute("aria-level", "2");
  await expect(tree.getByRole("treeitem", { name: /Right branch/ })).toHaveAttribute("aria-level", "1");
  await expectAccessible(page, "the outline of a chat");
  await page.keyboard.press("Home");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(tree.getByRole("treeitem", { name: /Left branch/ })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("ArrowLeft");
  await expect(tree.getByRole("treeitem")).toHaveCount(5);
  await page.keyboard.press("Enter");
  await expect(tree).toHaveCount(0);
  await expect(log(page).getByText("Left branch")).toBeVisible();
  await expect(log(page).getByText("Right branch")).toHaveCount(0);
});

test("a fork is a chat of its own, with the way back", async ({ page, chat }) => {
  await ask(page, chat, "pebble", "Fork me");
  await expect(log(page).getByText("Measure first.")).toBeVisible();
  const original = page.url();
  await page.getByRole("button", { name: "More for this message" }).click();
  await page.getByRole("menuitem", { name: "Fork the chat here" }).click();
  await expect(page).not.toHaveURL(original);
  await expect(page.getByText("The fork is a chat of its own now.")).toBeVisible();
  await expect(log(page).getByText("Measure first.")).toBeVisible();
  await askOn(page, "Only in the fork");
  await page.getByRole("link", { name: "Forked from another chat" }).click();
  await expect(page).toHaveURL(original);
  await expect(log(page).getByText("Only in the fork")).toHaveCount(0);
});

test("a search result leads to its very message, on whatever branch", async ({ page, chat }) => {
  interface Made {
    chat: { id: string };
    userMessage: { id: string };
    assistantMessage: { id: string };
  }
  await page.goto(chat.url);
  const made = await call<Made>(page, chat, "POST", "/api/chats", { message: "The marigold question", model: "instant", title: "Flowers" });
  const { id } = made.chat;
  const ended = async (leaf: string) => {
    const path = `/api/chats/${id}?leaf=${leaf}&limit=1`;
    await expect.poll(async () => (await call<{ messages: { status: string }[] }>(page, chat, "GET", path)).messages.at(-1)?.status).toBe("complete");
  };
  await ended(made.assistantMessage.id);
  // Another beginning, long enough that the page does not hold all of it.
  let parentId: string | null = null;
  for (let turn = 0; turn < 24; turn += 1) {
    const sent: Made = await call<Made>(page, chat, "POST", `/api/chats/${id}/messages`, { content: `Turn ${turn} ${turn === 2 ? "peacock" : ""}`, parentId, model: "instant" });
    parentId = sent.assistantMessage.id;
    await ended(parentId);
  }
  await page.goto(`${chat.url}/chat/${id}`);
  await expect(log(page).getByText("Turn 23")).toBeVisible();
  await page.getByRole("searchbox", { name: "Search chats" }).fill("peacock");
  await page.getByRole("link", { name: /peacock/ }).click();
  await expect(log(page).getByText("Turn 2 peacock")).toBeInViewport();
  await expect(page).toHaveURL(new RegExp(`/chat/${id}$`));
  await page.getByRole("searchbox", { name: "Search chats" }).fill("marigold");
  await page.getByRole("region", { name: "Messages" }).getByRole("link", { name: /marigold/ }).click();
  await expect(log(page).getByText("The marigold question")).toBeInViewport();
  await expect(log(page).getByText("Turn 2 peacock")).toHaveCount(0);
  await expect(composer(page)).toBeVisible();
});
