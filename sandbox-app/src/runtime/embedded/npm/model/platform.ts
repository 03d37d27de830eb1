import type { Manifest } from "./manifest.ts";

/** What packages find here, as npm's `os`, `cpu` and `libc` name it. */
export const platform = { os: "linux", cpu: "wasm32", libc: "none" } as const;

/** Version of Node whose behaviour the container's Node follows; `engines` are held against it. */
export const NODE_VERSION = "24.0.0";
/** Version of npm whose behaviour this one follows. */
export const NPM_VERSION = "11.0.0";

/** Whether a package may be installed here (npm, package.json, "os", "cpu", "libc"). */
export function runsHere(manifest: Pick<Manifest, "os" | "cpu" | "libc">): boolean {
  return (
    admits(manifest.os, platform.os) &&
    admits(manifest.cpu, platform.cpu) &&
    admits(manifest.libc, platform.libc)
  );
}

/** A list allows what it names, or everything but what it names with `!`. */
function admits(list: readonly string[], value: string): boolean {
  if (list.length === 0 || list.includes("any")) return true;
  if (list.includes(`!${value}`)) return false;
  return list.includes(value) || list.every((entry) => entry.startsWith("!"));
}
