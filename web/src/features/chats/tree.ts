// A chat's tree as lines of an outline; pure. The branch that is shown is the trunk and keeps its
// indentation, however long it is; what branches off is one step further in, above where the trunk
// goes on.
import type { TreeNode } from "@/api/types";

export interface TreeLine {
  node: TreeNode;
  depth: number;
  /** On the way from the root to the message at the end of what is shown. */
  isOnPath: boolean;
  /** The first message of a branch. */
  isHead: boolean;
  /** The line below in the same branch exists. */
  goesOn: boolean;
  /** Messages from here on, this one included. */
  size: number;
}

export class ChatTreeModel {
  readonly path: ReadonlySet<string>;
  private readonly children = new Map<string | null, TreeNode[]>();
  private readonly sizes = new Map<string, number>();

  /** `nodes`: the older first, as the server sends them. */
  constructor(
    readonly nodes: readonly TreeNode[],
    readonly leafId: string | null,
  ) {
    const byId = new Map(nodes.map((node) => [node.id, node]));
    for (const node of nodes) {
      const beside = this.children.get(node.parentId);
      if (beside) beside.push(node);
      else this.children.set(node.parentId, [node]);
    }
    for (const { id, parentId } of nodes.toReversed()) {
      const size = this.sizes.get(id) ?? 1;
      this.sizes.set(id, size);
      if (parentId !== null) this.sizes.set(parentId, (this.sizes.get(parentId) ?? 1) + size);
    }
    const path = new Set<string>();
    for (let at = leafId === null ? undefined : byId.get(leafId); at; at = at.parentId === null ? undefined : byId.get(at.parentId)) path.add(at.id);
    this.path = path;
  }

  /** The child that the trunk goes on with: the one that is shown, else the newest. */
  private trunkOf(parentId: string | null): TreeNode | undefined {
    const children = this.children.get(parentId) ?? [];
    return children.find(({ id }) => this.path.has(id)) ?? children.at(-1);
  }

  /** How many messages have others beside them, less one each: the number of other branches. */
  get branches(): number {
    let count = 0;
    for (const beside of this.children.values()) count += beside.length - 1;
    return count;
  }

  /** Heads of branches off the path that are longer than `longest`. */
  longHeads(longest: number): Set<string> {
    const heads = this.lines(new Set()).filter(({ isHead, isOnPath, size }) => isHead && !isOnPath && size > longest);
    return new Set(heads.map(({ node }) => node.id));
  }

  /** The outline from top to bottom; what follows a head in `closed` is left out. */
  lines(closed: ReadonlySet<string>): TreeLine[] {
    const lines: TreeLine[] = [];
    const open: { node: TreeNode; depth: number; isHead: boolean }[] = [];
    const push = (parentId: string | null, depth: number) => {
      const trunk = this.trunkOf(parentId);
      if (!trunk) return;
      open.push({ node: trunk, depth, isHead: false });
      for (const node of (this.children.get(parentId) ?? []).toReversed()) {
        if (node !== trunk) open.push({ node, depth: depth + 1, isHead: true });
      }
    };
    push(null, 0);
    for (let next = open.pop(); next; next = open.pop()) {
      const { node, depth, isHead } = next;
      const isClosed = isHead && closed.has(node.id);
      const goesOn = !isClosed && this.children.has(node.id);
      lines.push({ node, depth, isHead, goesOn, isOnPath: this.path.has(node.id), size: this.sizes.get(node.id) ?? 1 });
      if (!isClosed) push(node.id, depth);
    }
    return lines;
  }
}
