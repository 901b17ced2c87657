import { fireEvent, screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { createRef } from "react";
import { describe, expect, it, vi } from "vitest";
import { draftKey, readDraft } from "@/features/chats/drafts";
import { renderSignedIn } from "@/features/chats/testing";
import { Composer, type ComposerHandle } from "./Composer";

// Where it cannot be stored a pasted text goes with the words of the message.
vi.mock("@/api/upload", () => ({ upload: () => Promise.reject(new Error("no server")) }));

// Typing key by key takes its time on a busy machine.
vi.setConfig({ testTimeout: 30_000 });

async function open(props: Partial<Parameters<typeof Composer>[0]> = {}) {
  const onSend = vi.fn();
  const ref = createRef<ComposerHandle>();
  const page = await renderSignedIn(<Composer ref={ref} model="tiny" onSend={onSend} {...props} />);
  return { ...page, onSend, ref, box: screen.getByRole("textbox", { name: "Your message" }), user: userEvent.setup() };
}

function paste(box: HTMLElement, text: string) {
  fireEvent.paste(box, { clipboardData: { getData: () => text } });
}

describe("Composer", () => {
  it("sends on Enter, breaks the line on Shift+Enter, and is empty afterwards", async () => {
    const { box, user, onSend } = await open();
    await user.type(box, "one{Shift>}{Enter}{/Shift}two{Enter}");
    expect(onSend).toHaveBeenCalledExactlyOnceWith({ content: "one\ntwo", model: "tiny", params: {} });
    expect(box).toHaveProperty("value", "");
  });

  it("leaves Enter to an input method that is composing", async () => {
    const { box, user, onSend } = await open();
    await user.type(box, "namaste");
    fireEvent.keyDown(box, { key: "Enter", isComposing: true });
    fireEvent.keyDown(box, { key: "Enter", keyCode: 229 });
    expect(onSend).not.toHaveBeenCalled();
  });

  it("sends nothing that is empty", async () => {
    const { box, user, onSend } = await open();
    await user.type(box, "   {Enter}");
    expect(onSend).not.toHaveBeenCalled();
    expect(screen.getByRole("button", { name: "Send" })).toHaveProperty("disabled", true);
  });

  it("keeps the text and says why while an answer is running", async () => {
    const onStop = vi.fn();
    const { box, user, onSend } = await open({ onStop });
    await user.type(box, "next{Enter}");
    expect(onSend).not.toHaveBeenCalled();
    expect(box).toHaveProperty("value", "next");
    expect(screen.getByRole("status").textContent).toContain("Wait for the answer");
    await user.click(screen.getByRole("button", { name: "Stop the answer" }));
    expect(onStop).toHaveBeenCalledOnce();
  });

  it("makes a chip of a long paste and sends it in full", async () => {
    const { box, user, onSend } = await open();
    const log = Array.from({ length: 20_000 }, (_, line) => `line ${line}`).join("\n");
    paste(box, "short");
    paste(box, log);
    expect(box).toHaveProperty("value", "");
    expect(screen.getByText(/20,000 lines/)).toBeTruthy();
    await user.type(box, "Why?{Enter}");
    expect(onSend.mock.calls[0]?.[0].content).toBe(`Why?\n\n${log}`);
    expect(screen.queryByText(/20,000 lines/)).toBeNull();
  });

  it("drops a chip when asked to", async () => {
    const { box, user, onSend } = await open();
    paste(box, "x".repeat(10_000));
    await user.click(screen.getByRole("button", { name: "Remove the pasted text" }));
    await user.type(box, "hi{Enter}");
    expect(onSend.mock.calls[0]?.[0].content).toBe("hi");
  });

  it("finds its draft again after the page was left", async () => {
    const first = await open({ chatId: "c1" });
    await first.user.type(first.box, "half a thou");
    first.unmount();
    expect(readDraft(draftKey("u1", "c1")).text).toBe("half a thou");
    const second = await open({ chatId: "c1" });
    expect(second.box).toHaveProperty("value", "half a thou");
  });

  it("takes a question back below what is typed", async () => {
    const { box, user, ref } = await open();
    await user.type(box, "typed");
    ref.current?.fill("taken back");
    await vi.waitFor(() => expect(box).toHaveProperty("value", "typed\n\ntaken back"));
  });
});
