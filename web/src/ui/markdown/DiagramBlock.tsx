import { Button } from "@heroui/react";
import { Code2, Workflow } from "lucide-react";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShownTheme } from "@/theme/theme";
import { CodeBlock } from "@/ui/CodeBlock";
import { ScrollRegion } from "./ScrollRegion";

interface DiagramBlockProps {
  code: string;
  /** While the fence is open the source is shown: half a diagram is none. */
  isIncomplete: boolean;
}

type Drawing = { key: string; svg: string | null };

/** The last diagrams drawn: scrolled out of view and back, one is there at once and as high as before. */
const drawn = new Map<string, string>();
const mostDrawn = 40;
let count = 0;

async function svgOf(key: string, code: string, theme: "light" | "dark"): Promise<string> {
  const { draw } = await import("./diagram");
  count += 1;
  const svg = await draw(`diagram-${count}`, code, theme);
  drawn.set(key, svg);
  const [oldest] = drawn.keys();
  if (drawn.size > mostDrawn && oldest !== undefined) drawn.delete(oldest);
  return svg;
}

/** The picture of `code`; undefined while it is being drawn, null when it cannot be. */
function useDrawing(code: string, isWanted: boolean): string | null | undefined {
  const theme = useShownTheme();
  const key = `${theme} ${code}`;
  const [drawing, setDrawing] = useState<Drawing | null>(null);
  useEffect(() => {
    if (!isWanted || drawn.has(key)) return;
    let isCurrent = true;
    svgOf(key, code, theme).then(
      (svg) => isCurrent && setDrawing({ key, svg }),
      () => isCurrent && setDrawing({ key, svg: null }),
    );
    return () => {
      isCurrent = false;
    };
  }, [code, isWanted, key, theme]);
  if (!isWanted) return undefined;
  return drawing?.key === key ? drawing.svg : drawn.get(key);
}

/** A Mermaid diagram, drawn once its source is whole; source and picture can be swapped. */
export function DiagramBlock({ code, isIncomplete }: DiagramBlockProps) {
  const { t } = useTranslation("ui");
  const [isSource, setSource] = useState(false);
  const svg = useDrawing(code, !isIncomplete);
  if (svg == null || isSource) {
    return (
      <>
        <CodeBlock
          code={code}
          language="mermaid"
          actions={
            svg == null ? null : (
              <Button variant="ghost" size="sm" onPress={() => setSource(false)}>
                <Workflow aria-hidden size={15} />
                {t("diagram.show")}
              </Button>
            )
          }
        />
        {svg === null ? <p className="md-note">{t("diagram.failed")}</p> : null}
      </>
    );
  }
  return (
    <figure className="code-block">
      <figcaption className="code-block-head">
        <span>{t("diagram.name")}</span>
        <Button variant="ghost" size="sm" onPress={() => setSource(true)}>
          <Code2 aria-hidden size={15} />
          {t("diagram.source")}
        </Button>
      </figcaption>
      <ScrollRegion label={t("diagram.name")} className="diagram">
        {/* Mermaid's strict level has sanitised it: no script, no foreign object, no click. */}
        {/* oxlint-disable-next-line react/no-danger */}
        <div role="img" aria-label={t("diagram.name")} dangerouslySetInnerHTML={{ __html: svg }} />
      </ScrollRegion>
    </figure>
  );
}
