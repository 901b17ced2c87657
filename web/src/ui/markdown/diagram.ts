// Fetched only when a text holds a diagram.
import mermaid from "mermaid";

/** A CSS colour token as `#rrggbb`; Mermaid computes with colours and knows no oklch. */
function hex(token: string): string {
  const canvas = document.createElement("canvas");
  canvas.width = 1;
  canvas.height = 1;
  const context = canvas.getContext("2d");
  if (!context) return "#888888";
  context.fillStyle = getComputedStyle(document.documentElement).getPropertyValue(token).trim();
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return `#${[red, green, blue].map((part) => part.toString(16).padStart(2, "0")).join("")}`;
}

function configure(theme: "light" | "dark"): void {
  mermaid.initialize({
    startOnLoad: false,
    securityLevel: "strict",
    suppressErrorRendering: true,
    theme: "base",
    fontFamily: "Hanken Grotesk Variable, system-ui, sans-serif",
    themeVariables: {
      darkMode: theme === "dark",
      background: hex("--surface"),
      primaryColor: hex("--surface-secondary"),
      primaryTextColor: hex("--foreground"),
      primaryBorderColor: hex("--accent"),
      secondaryColor: hex("--default"),
      tertiaryColor: hex("--surface-tertiary"),
      lineColor: hex("--muted-foreground"),
      edgeLabelBackground: hex("--surface"),
      textColor: hex("--foreground"),
      noteBkgColor: hex("--surface-tertiary"),
      noteTextColor: hex("--foreground"),
      fontSize: "15px",
    },
  });
}

// Mermaid holds one configuration for all: drawings wait for each other.
let last: Promise<unknown> = Promise.resolve();

/** The diagram as SVG in the colours of `theme`; rejects when the source is no diagram. */
export function draw(id: string, code: string, theme: "light" | "dark"): Promise<string> {
  const drawn = last.then(async () => {
    configure(theme);
    await mermaid.parse(code);
    return (await mermaid.render(id, code)).svg;
  });
  last = drawn.catch(() => undefined);
  return drawn;
}
