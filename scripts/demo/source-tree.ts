import { readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { top } from "../disco/top.ts";

export interface SourceFile {
  /** Relative to the tree. */
  readonly path: string;
  readonly text: string;
}

/** The sources of zod 4 without their tests: real code, on every machine that ran `npm ci`. */
export async function readSourceTree(): Promise<SourceFile[]> {
  const tree = path.join(top, "node_modules/zod/src/v4");
  const entries = await readdir(tree, { withFileTypes: true, recursive: true });
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith(".ts"))
    .map((entry) => path.relative(tree, path.join(entry.parentPath, entry.name)))
    .filter((file) => !file.split(path.sep).includes("tests"))
    .toSorted();
  return await Promise.all(
    files.map(async (file) => ({
      path: file.replaceAll(path.sep, "/"),
      text: await readFile(path.join(tree, file), "utf8"),
    })),
  );
}

/** As `wc -l` counts: line ends. */
export function countLines(files: readonly SourceFile[]): number {
  return files.reduce((sum, { text }) => sum + text.split("\n").length - 1, 0);
}
