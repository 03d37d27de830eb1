import { mkdirSync } from "node:fs";
import path from "node:path";
import { createTestHarness, type TestHarness, unstable_readConfig } from "wrangler";
import { bundleInstrumented, collectCoverage } from "./worker-coverage.ts";

const ROOT = path.resolve(import.meta.dirname, "../..");

type DurableObjectBinding = "CONTAINER_RELAY" | "EMBEDDED_REDIS";

export interface WorkerOptions {
  /** Variables and secrets on top of wrangler.toml. */
  readonly vars?: Readonly<Record<string, string>>;
  /** Entry module, relative to the repository; default: the product's own. */
  readonly main?: string;
  /** Directory of the page's files; default: what the build made. */
  readonly assets?: string;
}

export interface RunningWorker {
  readonly url: URL;
  readonly fetch: TestHarness["fetch"];
  /**
   * Ends a Durable Object; its storage stays.
   *
   * @param webSockets what becomes of its connections: they stay open as when it sleeps, or break
   */
  evict(
    binding: DurableObjectBinding,
    name: string,
    webSockets: "hibernate" | "close",
  ): Promise<void>;
  /** All rows that the statement finds in the storage of a Durable Object. */
  query(
    binding: DurableObjectBinding,
    name: string,
    statement: string,
  ): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

/**
 * Starts a worker in a real workerd, with the bindings of wrangler.toml and fresh storage. With
 * DISCO_COVERAGE=1 its code is instrumented, and `close` adds the counters to the run's coverage.
 */
export async function startWorker(options: WorkerOptions = {}): Promise<RunningWorker> {
  const configPath = path.join(ROOT, "wrangler.toml");
  const config = unstable_readConfig({ config: configPath }, { hideWarnings: true });
  const entry = path.join(ROOT, options.main ?? "worker/index.ts");
  const measured = process.env["DISCO_COVERAGE"] === "1";
  const bundle = measured ? await bundleInstrumented(entry) : undefined;
  const directory = path.resolve(ROOT, options.assets ?? "dist/client");
  // It must exist, also where the page was not built.
  mkdirSync(directory, { recursive: true });
  const harness = createTestHarness({
    root: ROOT,
    workers: [
      {
        config: {
          name: config.name ?? "disco",
          main: bundle?.main ?? entry,
          compatibility_date: config.compatibility_date ?? "",
          compatibility_flags: config.compatibility_flags,
          assets: { ...config.assets, directory },
          durable_objects: config.durable_objects,
          migrations: config.migrations,
          vars: { ...options.vars },
        },
      },
    ],
  });
  const { url } = await harness.listen();
  const worker = harness.getWorker();
  return {
    url,
    fetch: harness.fetch,
    evict: (binding, name, webSockets) => worker.evictDurableObject(binding, { name, webSockets }),
    async query(binding, name, statement) {
      const storage = await worker.getDurableObjectStorage(binding, { name });
      return await storage.exec(statement);
    },
    async close() {
      if (bundle) await collectCoverage((target) => harness.fetch(target));
      await harness.close();
      await bundle?.remove();
    },
  };
}
