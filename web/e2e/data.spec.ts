// What is one's own goes out and comes in, as files.
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { expect, expectAccessible, test } from "./support/test";

test.setTimeout(120_000);

const data = (page: Page) => page.getByRole("region", { name: "My data" });

interface Turn {
  role: "user" | "assistant";
  text: string;
}

/** A conversation as ChatGPT exports it. */
function conversation(title: string, turns: readonly Turn[]) {
  const mapping: Record<string, object> = { root: { id: "root", message: null, parent: null, children: ["n0"] } };
  turns.forEach(({ role, text }, index) => {
    const message = { id: `n${index}`, author: { role }, create_time: 1_700_000_000 + index, content: { content_type: "text", parts: [text] } };
    const children = index + 1 < turns.length ? [`n${index + 1}`] : [];
    mapping[`n${index}`] = { id: `n${index}`, message, parent: index === 0 ? "root" : `n${index - 1}`, children };
  });
  const id = `${title}-0000-4000-8000-000000000000`.replaceAll(" ", "-");
  return { id, conversation_id: id, title, create_time: 1_700_000_000, update_time: 1_700_000_100, mapping, current_node: `n${turns.length - 1}` };
}

const exported = JSON.stringify([
  conversation("Rivers of the plain", [
    { role: "user", text: "Which rivers meet at Prayag?" },
    { role: "assistant", text: "The Ganga and the **Yamuna**." },
  ]),
  conversation("Boats", [
    { role: "user", text: "How do boats float?" },
    { role: "assistant", text: "They displace water." },
  ]),
  { title: "Broken beyond reading", mapping: "nothing" },
]);

async function importFile(page: Page): Promise<void> {
  await data(page).locator("input[type=file]").setInputFiles({ name: "conversations.json", mimeType: "application/json", buffer: Buffer.from(exported) });
}

for (const hasSockets of [true, false]) {
  test(`chats come from another program and go out again, ${hasSockets ? "with" : "without"} sockets`, async ({ page, account }) => {
    if (!hasSockets) {
      await page.route("**/socket.io/**", (route) => route.abort());
      await page.routeWebSocket(/socket\.io/, (socket) => void socket.close());
    }
    await page.goto("/settings");
    await importFile(page);
    const section = data(page);
    await expect(section.getByText("2 chats from ChatGPT")).toBeVisible({ timeout: 60_000 });
    await section.getByText("1 was left out").click();
    await expect(section.getByText("Broken beyond reading")).toBeVisible();
    await expectAccessible(page, "an import that left something out");
    await expect(page.getByRole("complementary").getByRole("link", { name: "Rivers of the plain" })).toBeVisible();

    await importFile(page);
    await expect(section.getByText("2 chats were here already and were left as they are.")).toBeVisible({ timeout: 60_000 });

    await section.getByRole("button", { name: "Make an archive" }).click();
    await expect(section.getByText("Your archive is ready")).toBeVisible({ timeout: 60_000 });
    const coming = page.waitForEvent("download");
    await section.getByRole("button", { name: "Download" }).click();
    const archive = await coming;
    expect(archive.suggestedFilename()).toMatch(/\.zip$/);
    const bytes = await readFile(await archive.path());
    expect(bytes.subarray(0, 2).toString()).toBe("PK");
    expect(account.name).not.toBe("");
  });
}

test("one chat is saved as Markdown and as JSON", async ({ page, account }) => {
  await page.goto("/settings");
  await importFile(page);
  await expect(data(page).getByText("2 chats from ChatGPT")).toBeVisible({ timeout: 60_000 });
  await page.getByRole("complementary").getByRole("link", { name: "Rivers of the plain" }).click();
  await expect(page.getByRole("log").getByText("Which rivers meet at Prayag?")).toBeVisible();
  for (const [entry, ending, words] of [
    ["Export as Markdown", /\.md$/, "The Ganga and the **Yamuna**."],
    ["Export as JSON", /\.json$/, "Which rivers meet at Prayag?"],
  ] as const) {
    await page.getByRole("banner").getByRole("button", { name: /Rivers of the plain/ }).click();
    const coming = page.waitForEvent("download");
    await page.getByRole("menuitem", { name: entry }).click();
    const file = await coming;
    expect(file.suggestedFilename()).toMatch(ending);
    expect(await readFile(await file.path(), "utf8")).toContain(words);
  }
  expect(account.name).not.toBe("");
});

test("a file that is no export is refused in words", async ({ page, account }) => {
  await page.goto("/settings");
  await data(page).locator("input[type=file]").setInputFiles({ name: "notes.json", mimeType: "application/json", buffer: Buffer.from('{"a": 1}') });
  await expect(data(page).getByRole("alert").last()).toHaveText(/\w{3}/, { timeout: 60_000 });
  await expect(data(page).getByRole("button", { name: "Choose a file" })).toBeVisible();
  expect(account.name).not.toBe("");
});
