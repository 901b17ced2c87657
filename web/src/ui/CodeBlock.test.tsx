import { render, screen, waitFor } from "@testing-library/react";
import { beforeAll, expect, it, vi } from "vitest";
import { startI18n } from "@/i18n";
import { CodeBlock } from "./CodeBlock";

// Grammars and the renderer are compiled on first use, which a busy machine takes its time over.
vi.setConfig({ testTimeout: 30_000 });

beforeAll(startI18n);

it("names its language, colours the code and keeps every character", async () => {
  const code = 'const answer = "42"; // why\n\nfunction ask() {\n\treturn answer;\n}';
  const { container } = render(<CodeBlock code={code} language="js" />);
  expect(screen.getByText("JavaScript")).toBeTruthy();
  expect(screen.getByRole("button", { name: "Copy the code" })).toBeTruthy();
  await waitFor(() => expect(container.querySelector("code span span")).toBeTruthy(), { timeout: 5_000 });
  expect(container.querySelector("code")?.textContent).toBe(`${code}\n`);
});

it("shows code of an unknown language as it is", () => {
  const { container } = render(<CodeBlock code={"++[>+<]"} language="brainfuck" />);
  expect(screen.getByText("brainfuck")).toBeTruthy();
  expect(container.querySelector("code")?.textContent).toBe("++[>+<]");
});
