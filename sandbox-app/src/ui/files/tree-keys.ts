import { parentPath, type TreeRow } from "./tree.ts";

/** What a key does in the tree. */
export type TreeMove =
  | { readonly do: "focus"; readonly path: string }
  | { readonly do: "expand" | "collapse" | "open"; readonly path: string };

/**
 * Keys of a tree view as the ARIA Authoring Practices give them (pattern "Tree View"): arrows, Home,
 * End, Enter, Space, and a letter for the next name that starts with it.
 *
 * @returns null when the key means nothing here
 */
export function treeMove(rows: readonly TreeRow[], focused: string, key: string): TreeMove | null {
  const index = rows.findIndex(({ path }) => path === focused);
  const row = rows[index];
  if (row === undefined) return to(rows[0]);
  const directory = row.type === "directory";
  switch (key) {
    case "ArrowDown":
      return to(rows[index + 1]);
    case "ArrowUp":
      return to(rows[index - 1]);
    case "Home":
      return to(rows[0]);
    case "End":
      return to(rows.at(-1));
    case "ArrowRight":
      if (!directory) return null;
      return row.expanded ? into(row, rows[index + 1]) : { do: "expand", path: row.path };
    case "ArrowLeft":
      if (row.expanded) return { do: "collapse", path: row.path };
      return to(rows.find(({ path }) => path === parentPath(row.path)));
    case "Enter":
    case " ":
      if (!directory) return { do: "open", path: row.path };
      return { do: row.expanded ? "collapse" : "expand", path: row.path };
    default:
      return key.length === 1 ? to(nextByLetter(rows, index, key)) : null;
  }
}

function to(row: TreeRow | undefined): TreeMove | null {
  return row === undefined ? null : { do: "focus", path: row.path };
}

function into(row: TreeRow, next: TreeRow | undefined): TreeMove | null {
  return next !== undefined && next.level > row.level ? to(next) : null;
}

function nextByLetter(rows: readonly TreeRow[], index: number, key: string): TreeRow | undefined {
  const letter = key.toLowerCase();
  const after = [...rows.slice(index + 1), ...rows.slice(0, index)];
  return after.find(({ name }) => name.toLowerCase().startsWith(letter));
}
