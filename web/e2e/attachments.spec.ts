// Files that go with a question: chosen, dropped, pasted; what is known of them, and what becomes of bad ones.
import { Buffer } from "node:buffer";
import type { Page } from "@playwright/test";
import { ask, call, composer, log, test } from "./support/chat";
import type { Server } from "./support/server";
import { expect, expectAccessible } from "./support/test";

test.setTimeout(120_000);

const notes = { name: "notes.md", mimeType: "text/markdown", buffer: Buffer.from("# Notes\n\nThe peacock dances in the rain.\n") };
// One red pixel.
const pixel = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==", "base64");

async function choose(page: Page, files: Parameters<ReturnType<Page["locator"]>["setInputFiles"]>[0]): Promise<void> {
  await page.locator('input[type="file"]').setInputFiles(files);
}

async function open(page: Page, server: Server): Promise<void> {
  await ask(page, server, "pebble", "Hello");
  await expect(log(page).getByText("Measure first.")).toBeVisible();
}

const waiting = (page: Page) => page.getByRole("main").getByRole("group", { name: "Attached files" });

test("a file is sent with the question, and can be read again", async ({ page, chat }) => {
  await open(page, chat);
  await choose(page, notes);
  await expect(waiting(page).getByText("notes.md")).toBeVisible();
  await expect(waiting(page).getByText(/about \d+ tokens/)).toBeVisible();
  await expectAccessible(page, "a file to be sent");
  await page.reload();
  await expect(waiting(page).getByText("notes.md")).toBeVisible();
  await composer(page).fill("What dances?");
  await composer(page).press("Enter");
  await expect(log(page).getByText("What dances?")).toBeVisible();
  await expect(log(page).getByText("Measure first.")).toHaveCount(2);
  await log(page).getByRole("button", { name: "Show notes.md" }).click();
  const dialog = page.getByRole("dialog", { name: "notes.md" });
  await expect(dialog.getByText("The peacock dances in the rain.")).toBeVisible();
  await expectAccessible(page, "a file that is shown");
  await page.keyboard.press("Escape");
  await log(page).getByText("What dances?").hover();
  await page.getByRole("button", { name: "Edit the question" }).last().click();
  await log(page).getByRole("textbox").fill("What dances in the rain?");
  await log(page).getByRole("textbox").press("Control+Enter");
  await expect(log(page).getByText("What dances in the rain?")).toBeVisible();
  await expect(log(page).getByRole("button", { name: "Show notes.md" })).toBeVisible();
});

test("pictures are pasted and dropped, and shown small", async ({ page, chat }) => {
  await open(page, chat);
  const give = (kind: "paste" | "drop") =>
    page.evaluate(
      ([how, base64]) => {
        const bytes = Uint8Array.from(atob(base64 ?? ""), (sign) => sign.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], "image.png", { type: "image/png" }));
        const box = document.querySelector("textarea");
        if (how === "paste") box?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
        else document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
      },
      [kind, pixel.toString("base64")],
    );
  await give("paste");
  await expect(waiting(page).getByRole("img", { includeHidden: true })).toHaveCount(1);
  await give("drop");
  await expect(waiting(page).getByText(/^pasted-.*\.png$/)).toHaveCount(2);
  await waiting(page).getByRole("button", { name: /^Remove pasted/ }).first().click();
  await expect(waiting(page).getByText(/^pasted-.*\.png$/)).toHaveCount(1);
  await composer(page).fill("What is it?");
  await composer(page).press("Enter");
  const picture = log(page).getByRole("img", { name: /^pasted-/ });
  await expect(picture).toBeVisible();
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(0);
});

test("a file that cannot be read is marked, and one that is refused says why", async ({ page, chat }) => {
  await open(page, chat);
  await choose(page, { name: "broken.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4\nthis is no document") });
  await expect(waiting(page).getByText(/Could not be read|Stop sending/).first()).toBeVisible();
  await choose(page, { name: "program.exe", mimeType: "application/octet-stream", buffer: Buffer.from([0x4d, 0x5a, 0x90, 0, 3, 0, 0, 0, 0xff, 0xfe, 0]) });
  await expect(waiting(page).getByRole("alert")).toBeVisible();
  await expectAccessible(page, "files that failed");
});

test("20,000 pasted lines do not freeze the page, and go as a file", async ({ page, chat }) => {
  await open(page, chat);
  const took = await page.evaluate(() => {
    const text = Array.from({ length: 20_000 }, (_, line) => `line ${line} of a long log`).join("\n");
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const began = performance.now();
    document.querySelector("textarea")?.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    return performance.now() - began;
  });
  expect(took).toBeLessThan(1_000);
  const stored = page.waitForResponse((response) => response.url().endsWith("/api/files") && response.status() === 201);
  await expect(page.getByText(/20,000 lines/)).toBeVisible();
  await stored.catch(() => undefined);
  await expect.poll(async () => (await call<{ items: unknown[] }>(page, chat, "GET", "/api/files")).items.length).toBe(1);
  await composer(page).fill("What went wrong?");
  await composer(page).press("Enter");
  await expect(log(page).getByRole("button", { name: /^Show pasted-.*\.txt$/ })).toBeVisible();
  await expect(log(page).getByText("line 7 of a long log")).toHaveCount(0);
});

test("a temporary chat says that nothing is kept, and keeps nothing", async ({ page, chat }) => {
  await page.goto(chat.url);
  await page.getByRole("button", { name: "Temporary" }).click();
  await expect(page.getByRole("heading", { name: "Temporary chat" })).toBeVisible();
  await expect(page.getByText(/never written to disk/)).toBeVisible();
  await expect(page.getByRole("button", { name: "Attach" })).toHaveCount(0);
  await expectAccessible(page, "a new temporary chat");
  await composer(page).fill("A secret about marigolds");
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain("marigolds");
  await composer(page).press("Enter");
  await expect(page.getByText("Temporary chat: nothing of it is kept")).toBeVisible();
  await expect(log(page).getByText("A secret about marigolds")).toBeVisible();
  await expect(page.getByRole("button", { name: "Stop the answer" })).toHaveCount(0);
  await expectAccessible(page, "a temporary chat");
  await expect(page.getByRole("complementary").getByText(/marigolds/)).toHaveCount(0);
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain("marigolds");
  const address = page.url();
  await page.getByRole("button", { name: "End it now" }).click();
  await expect(page).not.toHaveURL(address);
  await page.goto(address);
  await expect(page.getByText("This chat does not exist")).toBeVisible();
});
