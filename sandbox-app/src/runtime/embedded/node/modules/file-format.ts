import type { PackageConfigs } from "./package-configs.ts";

/** How a file is to be run. `detect`: CommonJS unless its syntax says otherwise (Node, esm.md). */
export type FileFormat = "commonjs" | "module" | "detect" | "json" | "wasm" | "addon";

export interface FileKind {
  readonly format: FileFormat;
  /** What must be taken away before it is JavaScript. */
  readonly syntax: "javascript" | "typescript" | "tsx" | "jsx";
}

const syntaxes: Readonly<Record<string, FileKind["syntax"]>> = {
  ".ts": "typescript",
  ".mts": "typescript",
  ".cts": "typescript",
  ".tsx": "tsx",
  ".jsx": "jsx",
};

const fixed: Readonly<Record<string, FileFormat>> = {
  ".mjs": "module",
  ".mts": "module",
  ".cjs": "commonjs",
  ".cts": "commonjs",
  ".json": "json",
  ".wasm": "wasm",
  ".node": "addon",
};

const byPackage = new Set([".js", ".ts", ".tsx", ".jsx", ""]);

/** Null for extensions that `import` does not know. */
export function fileKind(path: string, packages: PackageConfigs): FileKind | null {
  const extension = extensionOf(path);
  const syntax = syntaxes[extension] ?? "javascript";
  const known = fixed[extension];
  if (known !== undefined) return { format: known, syntax };
  if (!byPackage.has(extension)) return null;
  const type = packages.scopeOf(path)?.type ?? "none";
  // Inside node_modules a missing type means CommonJS as well, with the same detection.
  return { format: type === "none" ? "detect" : type, syntax };
}

/** `path.extname` */
export function extensionOf(path: string): string {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot <= 0 ? "" : name.slice(dot);
}
