// The folders as a tree; all functions are pure.
import type { Folder } from "@/api/types";

export interface FolderNode {
  folder: Folder;
  /** 0 at the top. */
  depth: number;
  hasFolders: boolean;
}

function childrenOf(folders: readonly Folder[]): Map<string | null, Folder[]> {
  const known = new Set(folders.map(({ id }) => id));
  const byParent = new Map<string | null, Folder[]>();
  for (const folder of folders.toSorted((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }))) {
    const parent = folder.parentId !== null && known.has(folder.parentId) ? folder.parentId : null;
    byParent.set(parent, [...(byParent.get(parent) ?? []), folder]);
  }
  return byParent;
}

/** From the top down, by name, each followed by what is in it; closed folders keep theirs back. */
export function treeOf(folders: readonly Folder[], isOpen: (id: string) => boolean): FolderNode[] {
  const byParent = childrenOf(folders);
  const below = (parent: string | null, depth: number): FolderNode[] =>
    (byParent.get(parent) ?? []).flatMap((folder) => {
      const hasFolders = byParent.has(folder.id);
      return [{ folder, depth, hasFolders }, ...(isOpen(folder.id) ? below(folder.id, depth + 1) : [])];
    });
  return below(null, 0);
}

/** The folder itself and everything below it. */
export function within(folders: readonly Folder[], id: string): ReadonlySet<string> {
  const all = new Set([id]);
  for (let size = 0; size !== all.size; ) {
    size = all.size;
    for (const folder of folders) if (folder.parentId !== null && all.has(folder.parentId)) all.add(folder.id);
  }
  return all;
}

/** The names from the top down to the folder. */
export function pathOf(folders: readonly Folder[], id: string): string[] {
  const byId = new Map(folders.map((folder) => [folder.id, folder]));
  const names: string[] = [];
  const seen = new Set<string>();
  for (let at = byId.get(id); at && !seen.has(at.id); at = at.parentId === null ? undefined : byId.get(at.parentId)) {
    seen.add(at.id);
    names.unshift(at.name);
  }
  return names;
}
