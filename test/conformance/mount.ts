import { TEST_SECRET } from "#test/support/edge-rig.ts";
import { type RunningWorker, startWorker } from "#test/support/worker-harness.ts";

export interface ConformanceMount {
  /** By the name that the suites want: they try foreign ones against it. */
  readonly origin: string;
  readonly worker: RunningWorker;
}

/** The product's own door and dispatch, with the suites' tools behind them. */
export async function startConformanceMount(): Promise<ConformanceMount> {
  const worker = await startWorker({
    main: "test/support/workerd/conformance-worker.ts",
    vars: { DISCO_LOCAL_SECRET: TEST_SECRET },
  });
  return { origin: `http://localhost:${worker.url.port}`, worker };
}
