import { spawn } from "node:child_process";
import path from "node:path";
import { top } from "#scripts/disco/top.ts";
import type { ConformanceMount } from "./mount.ts";
import type { ConformanceRun } from "./runs.ts";

/** Milliseconds for a run, which takes 2 to 10 s on a machine that does nothing else. */
const RUN_MAX_MS = 90_000;

export interface SuiteOutcome {
  readonly name: string;
  readonly ok: boolean;
  /** Checks, also those that the suite only reports. */
  readonly passed: number;
  readonly seconds: number;
  /** What the suite printed. */
  readonly output: string;
}

/** Runs a suite against a mount of the endpoint, and reads how it ended. */
export async function runSuite(
  run: ConformanceRun,
  mount: ConformanceMount,
): Promise<SuiteOutcome> {
  const started = performance.now();
  const { code, output } = await runProgram(run, mount);
  const passed = Number(/^Total: (\d+) passed/m.exec(output)?.[1] ?? 0);
  const seconds = (performance.now() - started) / 1_000;
  // A suite that found nothing to check has not passed.
  return { name: run.name, ok: code === 0 && passed > 0, passed, seconds, output };
}

function runProgram(
  { suite, args }: ConformanceRun,
  mount: ConformanceMount,
): Promise<{ code: number | null; output: string }> {
  const program = path.join(top, "node_modules", suite, "dist/index.js");
  const child = spawn(process.execPath, [program, ...args(mount)], {
    stdio: ["ignore", "pipe", "pipe"],
    timeout: RUN_MAX_MS,
  });
  let output = "";
  const wanted = new RegExp(`^${mount.origin}/authorize\\?\\S+$`, "m");
  let isAsked = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      const [url] = wanted.exec(output) ?? [];
      if (url === undefined || isAsked) return;
      isAsked = true;
      mount.consent(url).catch((error: unknown) => {
        output += `\nNobody could say yes: ${String(error)}`;
        child.kill();
      });
    });
  }
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, output }));
  });
}

/** What a person reads of an outcome, in one line. */
export function lineOf({ name, ok, passed, seconds }: SuiteOutcome): string {
  return `${ok ? "passed" : "FAILED"}  ${name}: ${passed} checks passed, ${seconds.toFixed(1)} s`;
}
