// npm run bench: how long things take on this machine, through everything: a client, plain workerd, a
// Chromium. It judges nothing.
import { cpus, loadavg, totalmem } from "node:os";
import { MEASURED_CALLS, measureCalls } from "./bench/calls.ts";
import { MANY_FILES, measureCheckpoints } from "./bench/checkpoints.ts";
import { timeExpress, timeNode } from "./bench/container.ts";
import { measureGit } from "./bench/git.ts";
import { measureTab } from "./bench/tab.ts";
import { type Measured, quantile, repeat } from "./bench/times.ts";
import { withFreshDisco } from "./disco/borrowed-disco.ts";
import { openHeadlessTab } from "./disco/headless-tab.ts";
import { McpCaller } from "./disco/mcp-caller.ts";

/** Wrangler's proxy would be measured with it. */
const onWorkerd = { args: ["--workerd"] };

/** Each with a new browser, whose caches are empty. */
const FRESH_STARTS = 3;
const WARM_INSTALLS = 5;

/** What is slow because it is the first time. */
async function measureFreshStarts(): Promise<Measured[]> {
  const starts: number[] = [];
  const programs: number[] = [];
  const installs: number[] = [];
  for (let start = 0; start < FRESH_STARTS; start += 1) {
    const started = performance.now();
    await withFreshDisco(async ({ ready }) => {
      starts.push(performance.now() - started);
      const caller = await McpCaller.connect(ready, "Disco bench");
      programs.push(await timeNode(caller));
      installs.push(await timeExpress(caller));
      await caller.close();
    }, onWorkerd);
  }
  return [
    { what: "start until ready", times: starts },
    { what: "node x.js, first in a browser", times: programs },
    { what: "npm install express, cold", times: installs },
  ];
}

async function measureWarm(): Promise<Measured[]> {
  return await withFreshDisco(async ({ ready }) => {
    const caller = await McpCaller.connect(ready, "Disco bench");
    const calls = await measureCalls(ready, caller);
    await timeExpress(caller);
    const installs = await repeat(WARM_INSTALLS, () => timeExpress(caller));
    // The tab that Disco opened gives way to this one.
    const tab = await openHeadlessTab(ready.sandboxUrl, new AbortController().signal);
    try {
      const measured = await measureTab(tab.page, caller);
      const checkpoints = await measureCheckpoints(caller);
      const git = await measureGit(caller, MANY_FILES);
      const express = { what: "npm install express, warm", times: installs };
      return [express, ...measured, ...calls, ...checkpoints, ...git];
    } finally {
      await tab.stop();
      await caller.close();
    }
  }, onWorkerd);
}

const rows = [...(await measureFreshStarts()), ...(await measureWarm())];

const machine = cpus();
process.stdout.write(
  `${machine.length} × ${machine[0]?.model.trim() ?? "unknown processor"}, ` +
    `${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}, Node ${process.versions.node}\n` +
    `Load of the last five minutes, this program's with it: ${loadavg()[1]?.toFixed(1)}\n` +
    `Commands as the container times them, ${MEASURED_CALLS} calls each as the caller does\n\n`,
);
const print = (...[what, runs, median, most]: [string, string, string, string]) =>
  process.stdout.write(
    `${what.padEnd(36)} ${runs.padStart(4)} ${median.padStart(10)} ${most.padStart(10)}\n`,
  );
print("", "runs", "p50", "p95");
for (const row of rows) {
  print(
    row.what,
    String(row.times.length),
    inWords(quantile(row, 0.5)),
    inWords(quantile(row, 0.95)),
  );
}

function inWords(ms: number): string {
  if (ms < 1) return `${(ms * 1_000).toFixed(0)} µs`;
  return ms < 1_000 ? `${ms.toFixed(1)} ms` : `${(ms / 1_000).toFixed(2)} s`;
}
