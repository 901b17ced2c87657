// Raw HTML from a model is never markup: it is shown as the text it is. Two forms are so common that
// readers expect them: line breaks in tables, and comments, which are left out.

interface Node {
  type: string;
  value?: string;
  children?: Node[];
}

const lineBreak = /^<br\s*\/?>$/i;
const comment = /^<!--[\s\S]*-->$/;

function plain(node: Node): Node[] {
  if (node.type !== "html") return [node];
  const value = (node.value ?? "").trim();
  if (comment.test(value)) return [];
  return lineBreak.test(value) ? [{ type: "break" }] : [node];
}

function visit(node: Node): void {
  if (!node.children) return;
  node.children = node.children.flatMap(plain);
  node.children.forEach(visit);
}

/** A remark plugin for the two; the renderer shows what HTML is left as text. */
export function plainHtml() {
  return (tree: Node): void => visit(tree);
}
