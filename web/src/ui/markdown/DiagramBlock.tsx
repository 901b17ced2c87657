import { Button } from "@heroui/react";
import { Code2, Workflow } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useShownTheme } from "@/theme/theme";
import { CodeBlock } from "@/ui/CodeBlock";
import { ScrollRegion } from "./ScrollRegion";

interface DiagramBlockProps {
  code: string;
  /** While the fence is open the source is shown: half a diagram is none. */
  isIncomplete: boolean;
}

type Drawing = { svg: string } | "failed" | null;

function useDrawing(code: string, isWanted: boolean): Drawing {
  const id = `diagram-${useId().replaceAll(/\W/g, "")}`;
  const theme = useShownTheme();
  const [drawing, setDrawing] = useState<Drawing>(null);
  useEffect(() => {
    if (!isWanted) return;
    let isCurrent = true;
    import("./diagram")
      .then(({ draw }) => draw(id, code, theme))
      .then(
        (svg) => isCurrent && setDrawing({ svg }),
        () => isCurrent && setDrawing("failed"),
      );
    return () => {
      isCurrent = false;
    };
  }, [code, id, isWanted, theme]);
  return isWanted ? drawing : null;
}

/** A Mermaid diagram, drawn once its source is whole; source and picture can be swapped. */
export function DiagramBlock({ code, isIncomplete }: DiagramBlockProps) {
  const { t } = useTranslation("ui");
  const [isSource, setSource] = useState(false);
  const drawing = useDrawing(code, !isIncomplete);
  const svg = drawing !== null && drawing !== "failed" ? drawing.svg : null;
  if (svg === null || isSource) {
    return (
      <>
        <CodeBlock
          code={code}
          language="mermaid"
          actions={
            svg === null ? null : (
              <Button variant="ghost" size="sm" onPress={() => setSource(false)}>
                <Workflow aria-hidden size={15} />
                {t("diagram.show")}
              </Button>
            )
          }
        />
        {drawing === "failed" ? <p className="md-note">{t("diagram.failed")}</p> : null}
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
