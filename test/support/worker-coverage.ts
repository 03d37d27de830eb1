import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { build, type Plugin, transform } from "esbuild";
import { createInstrumenter } from "istanbul-lib-instrument";
import * as z from "zod";
import { addHits, COUNTERS } from "#test/support/counted/counters.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Where the wrapped worker answers with its counters; no route of the product. */
const COUNTERS_PATH = "/__coverage__";

/** Istanbul's counters of one file: hits per statement, function and branch. */
const FileCounters = z.looseObject({
  s: z.record(z.string(), z.number()),
  f: z.record(z.string(), z.number()),
  b: z.record(z.string(), z.array(z.number())),
});
const AllCounters = z.record(z.string(), FileCounters);
type AllCounters = z.infer<typeof AllCounters>;

export interface Bundle {
  /** Absolute path of the module. */
  readonly main: string;
  remove(): Promise<void>;
}

/**
 * Bundles the worker with counters in its own sources and the protocol's.
 *
 * @param entry absolute path of the entry module
 */
export async function bundleInstrumented(entry: string): Promise<Bundle> {
  const directory = await mkdtemp(path.join(tmpdir(), "disco-coverage-"));
  const main = path.join(directory, "worker.js");
  await build({
    stdin: { contents: wrapper(entry), resolveDir: path.dirname(entry), loader: "ts" },
    bundle: true,
    format: "esm",
    target: "es2024",
    outfile: main,
    external: ["cloudflare:*", "node:*"],
    conditions: ["workerd", "worker", "browser"],
    logLevel: "error",
    plugins: [instrument],
  });
  return { main, remove: () => rm(directory, { recursive: true, force: true }) };
}

/** Objects that run in the same process share the counters of the worker's own module. */
function wrapper(entry: string): string {
  const from = JSON.stringify(`./${path.basename(entry)}`);
  return `
    import worker from ${from};
    export * from ${from};
    export default {
      ...worker,
      fetch(request, env, context) {
        if (new URL(request.url).pathname === "${COUNTERS_PATH}") {
          return Response.json(globalThis.${COUNTERS} ?? {});
        }
        return worker.fetch(request, env, context);
      },
    };`;
}

const instrument: Plugin = {
  name: "instrument",
  setup(hooks) {
    hooks.onLoad({ filter: /\/(worker|protocol)\/.*\.ts$/ }, async ({ path: file }) => {
      if (!file.startsWith(ROOT) || file.includes("node_modules")) return undefined;
      const { code, map } = await transform(await readFile(file, "utf8"), {
        loader: "ts",
        sourcemap: "external",
        sourcefile: file,
        target: "es2024",
      });
      const sourceMap = { ...JSON.parse(map), sources: [file] };
      const instrumenter = createInstrumenter({
        esModules: true,
        compact: false,
        coverageVariable: COUNTERS,
        coverageGlobalScope: "globalThis",
        coverageGlobalScopeFunc: false,
      });
      // The same file as Node runs it has other counters; both are mapped back to the source later.
      const name = `${file}?workerd`;
      return { contents: instrumenter.instrumentSync(code, name, sourceMap), loader: "js" };
    });
  },
};

/** Adds the worker's counters to those of the test file that runs now. */
export async function collectCoverage(
  fetchFromWorker: (target: string) => Promise<{ json(): Promise<unknown> }>,
): Promise<void> {
  const response = await fetchFromWorker(COUNTERS_PATH);
  const counters = AllCounters.parse(await response.json());
  const scope = globalThis as { [COUNTERS]?: AllCounters };
  const all = (scope[COUNTERS] ??= {});
  for (const [file, added] of Object.entries(counters)) {
    const known = all[file];
    if (known) addHits(known, added);
    else all[file] = added;
  }
}
