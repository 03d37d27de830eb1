import { readFile } from "node:fs/promises";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { build, type Plugin, transform } from "esbuild";
import { createInstrumenter } from "istanbul-lib-instrument";
import * as z from "zod";

const ROOT = path.resolve(import.meta.dirname, "../..");

/** Where the wrapped worker answers with its counters; no route of the product. */
const COUNTERS_PATH = "/__coverage__";

/** What vitest's istanbul provider reads after each test file. */
const COUNTERS = "__VITEST_COVERAGE__";

/** Istanbul's counters of one file: hits per statement, function and branch. */
const FileCounters = z.looseObject({
  s: z.record(z.string(), z.number()),
  f: z.record(z.string(), z.number()),
  b: z.record(z.string(), z.array(z.number())),
});
const AllCounters = z.record(z.string(), FileCounters);
type AllCounters = z.infer<typeof AllCounters>;

/**
 * Bundles the worker with counters in its own sources and the protocol's.
 *
 * @param entry absolute path of the entry module
 * @returns absolute path of the bundle
 */
export async function bundleInstrumented(entry: string): Promise<string> {
  const directory = await mkdtemp(path.join(tmpdir(), "disco-coverage-"));
  const outfile = path.join(directory, "worker.js");
  await build({
    stdin: { contents: wrapper(entry), resolveDir: path.dirname(entry), loader: "ts" },
    bundle: true,
    format: "esm",
    target: "es2024",
    outfile,
    external: ["cloudflare:*", "node:*"],
    conditions: ["workerd", "worker", "browser"],
    logLevel: "error",
    plugins: [instrument],
  });
  return outfile;
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
  setup({ onLoad }) {
    onLoad({ filter: /\/(worker|protocol)\/.*\.ts$/ }, async ({ path: file }) => {
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
      return { contents: instrumenter.instrumentSync(code, file, sourceMap), loader: "js" };
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
    if (known && sameShape(known, added)) addCounters(known, added);
    else all[file] = added;
  }
}

/** The same file instrumented twice from the same source has the same counters. */
function sameShape(one: AllCounters[string], other: AllCounters[string]): boolean {
  return Object.keys(one.s).length === Object.keys(other.s).length;
}

function addCounters(known: AllCounters[string], added: AllCounters[string]): void {
  for (const [id, hits] of Object.entries(added.s)) known.s[id] = (known.s[id] ?? 0) + hits;
  for (const [id, hits] of Object.entries(added.f)) known.f[id] = (known.f[id] ?? 0) + hits;
  for (const [id, hits] of Object.entries(added.b)) {
    known.b[id] = hits.map((count, index) => count + (known.b[id]?.[index] ?? 0));
  }
}
