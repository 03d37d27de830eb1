// npm run conformance: the official suites against the endpoint, a line for each run.
import { startConformanceMount } from "./mount.ts";
import { lineOf, runSuite } from "./run-suite.ts";
import { conformanceRuns } from "./runs.ts";

const mount = await startConformanceMount();
let failed = 0;
try {
  for (const run of conformanceRuns) {
    const outcome = await runSuite(run, mount);
    process.stdout.write(`${lineOf(outcome)}\n`);
    if (outcome.ok) continue;
    failed += 1;
    process.stdout.write(`${outcome.output.trimEnd()}\n`);
  }
} finally {
  await mount.close();
}
process.exitCode = failed === 0 ? 0 : 1;
