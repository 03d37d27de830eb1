import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ConformanceMount, startConformanceMount } from "#test/conformance/mount.ts";
import { runSuite } from "#test/conformance/run-suite.ts";
import { conformanceRuns } from "#test/conformance/runs.ts";

let mount: ConformanceMount;

beforeAll(async () => {
  mount = await startConformanceMount();
});
afterAll(() => mount.close());

describe("the official conformance suites", () => {
  it.each(conformanceRuns.map((run) => [run.name, run] as const))(
    "pass: %s",
    async (_name, run) => {
      const { ok, output } = await runSuite(run, mount);
      expect(ok, output).toBe(true);
    },
    120_000,
  );

  it("fail where the endpoint does not speak MCP", async () => {
    const [run] = conformanceRuns;
    if (run === undefined) throw new Error("There is no run.");
    const { ok } = await runSuite(run, { ...mount, origin: `${mount.origin}/docs` });
    expect(ok).toBe(false);
  }, 120_000);
});
