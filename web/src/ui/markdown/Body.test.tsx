import { render } from "@testing-library/react";
import { beforeAll, expect, it } from "vitest";
import { startI18n } from "@/i18n";
import Body from "./Body";

beforeAll(startI18n);

const html = (text: string) => render(<Body text={text} />).container;

it("shows raw HTML as text and never as markup", () => {
  const page = html('A <b>bold</b> claim <img src="x" onerror="alert(1)"> and <script>alert(1)</script>\n\n<iframe src="https://example.org"></iframe>\n');
  expect(page.querySelector("b, img, script, iframe")).toBeNull();
  expect(page.textContent).toContain("<b>bold</b>");
  expect(page.textContent).toContain("<iframe");
});

it("breaks lines in tables and leaves comments out", () => {
  const page = html("| a | b |\n| - | - |\n| one<br>two | x<!-- hidden --> |\n");
  expect(page.querySelectorAll("td br")).toHaveLength(1);
  expect(page.textContent).not.toContain("hidden");
});

it("links only to the web and mail, elsewhere and without a trace", () => {
  const page = html("[good](https://example.org) [bad](javascript:alert(1)) [own](/admin) ![pic](https://example.org/a.png)");
  const links = [...page.querySelectorAll("a")];
  expect(links.map((link) => link.getAttribute("href"))).toEqual(["https://example.org/", "https://example.org/a.png"]);
  for (const link of links) expect(link).toMatchObject({ rel: "noopener noreferrer nofollow", target: "_blank" });
  expect(page.querySelector("img")).toBeNull();
  expect(page.textContent).toContain("bad");
});

it("renders what is still open as if it were closed", () => {
  const { container } = render(<Body text={"Some **bold te"} isStreaming />);
  expect(container.querySelector("strong")?.textContent).toBe("bold te");
});

it("begins headings below the page's own, whatever level the model begins at", () => {
  const levels = (text: string) => [...html(text).querySelectorAll("h1,h2,h3,h4,h5,h6")].map(({ tagName }) => tagName).join(" ");
  expect(levels("# A\n\n## B\n\n### C\n")).toBe("H3 H4 H5");
  expect(levels("### A\n\n#### B\n\n# C\n")).toBe("H3 H4 H3");
});
