import { readFile } from "node:fs/promises";
import path from "node:path";
import { build } from "esbuild";

/**
 * The files of ours on a preview's origin, by name. Each script is one file that any browser loads as a
 * classic script: browsers differ in whether a service worker may be a module.
 *
 * @param page directory of the sandbox app
 */
export async function previewFiles(page: string): Promise<Map<string, string>> {
  const source = path.join(page, "src/preview");
  const injected = await bundle(path.join(source, "injected.ts"));
  const [worker, bridge, bootstrap] = await Promise.all([
    bundle(path.join(source, "service-worker/service-worker.ts"), {
      // The service worker answers with it, so that no preview waits for the network.
      DISCO_INJECTED_SCRIPT: JSON.stringify(injected),
    }),
    bundle(path.join(source, "bridge/bridge.ts")),
    bundle(path.join(source, "bootstrap.ts")),
  ]);
  return new Map([
    ["service-worker.js", worker],
    ["bridge.js", bridge],
    ["bootstrap.js", bootstrap],
    ["bridge.html", await readFile(path.join(source, "bridge/bridge.html"), "utf8")],
    ["bootstrap.html", await readFile(path.join(source, "bootstrap.html"), "utf8")],
  ]);
}

async function bundle(entry: string, define: Record<string, string> = {}): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    charset: "ascii",
    write: false,
    define,
  });
  return outputFiles[0]?.text ?? "";
}
