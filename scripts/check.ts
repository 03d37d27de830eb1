// npm run check: everything that can be said about the code without running it.
import { spawn } from "node:child_process";
import path from "node:path";
import { styleText } from "node:util";
import { top } from "./disco/top.ts";

interface Check {
  readonly name: string;
  /** A program of node_modules/.bin or a file of ours, and its arguments. */
  readonly run: readonly string[];
  /** What to do when it fails. */
  readonly next: string;
}

/** In this order: the quick ones first, and the types of the worker's bindings before the types. */
const checks: readonly Check[] = [
  { name: "lock file", run: ["scripts/check-lockfile.ts"], next: "npm install, then look again" },
  { name: "format", run: ["oxfmt/bin/oxfmt", "--check"], next: "npm run format" },
  {
    name: "generated files",
    run: ["scripts/generate.ts", "--check"],
    next: "npm run generate",
  },
  {
    name: "worker types",
    run: ["wrangler/bin/wrangler.js", "types", "worker/worker-configuration.d.ts"],
    next: "correct wrangler.toml",
  },
  { name: "lint", run: ["oxlint/bin/oxlint"], next: "see the law in each message" },
  { name: "types", run: ["vue-tsc/bin/vue-tsc.js", "-b"], next: "correct the types" },
  { name: "dead code", run: ["knip/bin/knip.js"], next: "remove it, or use it" },
];

/** @returns exit code and both outputs */
function run(check: Check): Promise<{ code: number; output: string }> {
  const [program = "", ...args] = check.run;
  const file = program.startsWith("scripts/") ? program : path.join("node_modules", program);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [file, ...args], { cwd: top });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => (output += text));
    }
    child.once("error", reject);
    child.once("close", (code) => resolve({ code: code ?? 1, output }));
  });
}

let failed = 0;
for (const check of checks) {
  const started = performance.now();
  const { code, output } = await run(check);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1).padStart(5);
  const mark = code === 0 ? styleText("green", "✓") : styleText("red", "✗");
  process.stdout.write(`${mark} ${check.name.padEnd(16)} ${seconds} s\n`);
  if (code === 0) continue;
  failed += 1;
  process.stdout.write(`${output.trimEnd()}\n  → ${check.next}\n`);
}
process.exitCode = failed === 0 ? 0 : 1;
