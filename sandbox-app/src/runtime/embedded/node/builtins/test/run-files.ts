import type { NodeContext } from "../../context.ts";
import type { ChildProcess } from "../child-process/child-process.ts";
import { testOptionTakesValue } from "../../cli/option-table.ts";
import { CHILD_VARIABLE, EVENT_FD } from "./test-module.ts";
import { reporterByName } from "./reporters.ts";
import {
  type Counts,
  countReport,
  noCounts,
  type TestEvent,
  type TestReport,
} from "./test-events.ts";

/** Where `node --test` looks when no file is named (Node's documentation, "Running tests from the command line"). */
const DEFAULT_PATTERNS = [
  "**/*.test.{js,mjs,cjs,ts,mts,cts}",
  "**/*-test.{js,mjs,cjs,ts,mts,cts}",
  "**/*_test.{js,mjs,cjs,ts,mts,cts}",
  "**/test-*.{js,mjs,cjs,ts,mts,cts}",
  "**/test.{js,mjs,cjs,ts,mts,cts}",
  "**/test/**/*.{js,mjs,cjs,ts,mts,cts}",
];

interface Files {
  globSync(patterns: readonly string[], options: object): string[];
}

type Spawn = (file: string, args: readonly string[], options: object) => ChildProcess;

/** `internal/test`: `node --test`, each file in a process of its own. */
export function createTestRunner(node: NodeContext): unknown {
  return {
    runFromCommandLine: async (patterns: readonly string[]): Promise<void> => {
      const files = findFiles(node, patterns);
      const missing = patterns.find((pattern) => isPath(pattern) && files.length === 0);
      if (missing !== undefined) {
        node.writeSync(2, `Could not find '${missing}'\n`);
        node.process.exitCode = 1;
        return;
      }
      const named = node.options.test["--test-reporter"];
      const reporter = reporterByName(typeof named === "string" ? named : "spec");
      const counts = noCounts();
      const start = node.natives.now();
      let topLevel = 0;
      const emit = (given: TestEvent) => {
        let event = given;
        if (event.type === "report") {
          countReport(counts, event.report);
          // Tests of all files are counted as one list.
          const report = { ...event.report, number: topLevel + 1 };
          if (report.nesting === 0) {
            topLevel++;
            event = { ...event, report };
          }
        }
        const text = reporter.event(event);
        if (text !== "") node.process.stdout.write(text);
      };
      for (const file of files) await runFile(node, file, emit, counts);
      node.process.stdout.write(reporter.end(counts, node.natives.now() - start));
      if (counts.fail + counts.cancelled > 0) node.process.exitCode = 1;
    },
  };
}

function isPath(pattern: string): boolean {
  return !/[*?[{]/.test(pattern);
}

function findFiles(node: NodeContext, patterns: readonly string[]): string[] {
  const fs = node.builtin<Files>("fs");
  const cwd = node.process.cwd();
  const found = fs.globSync(patterns.length > 0 ? patterns : DEFAULT_PATTERNS, {
    cwd,
    exclude: (path: string) => path === "node_modules" || path.endsWith("/node_modules"),
  });
  return found.map((path) => (path.startsWith("/") ? path : `${cwd}/${path}`)).toSorted();
}

/** The options that are the program's own. */
function withoutTestOptions(execArgv: readonly string[]): string[] {
  return execArgv.filter((arg, index) => {
    const before = execArgv[index - 1] ?? "";
    const isValue = /^--test-[^=]*$/.test(before) && testOptionTakesValue(before);
    return !/^--test(?:-|$)/.test(arg) && (arg.startsWith("-") || !isValue);
  });
}

function runFile(
  node: NodeContext,
  file: string,
  emit: (event: TestEvent) => void,
  counts: Counts,
): Promise<void> {
  const { spawn } = node.builtin<{ spawn: Spawn }>("child_process");
  const flags = Object.entries(node.options.test)
    .filter(([name]) => /^--test-(?:only|name-pattern|skip-pattern)$/.test(name))
    .map(([name, value]) => (value === true ? name : `${name}=${value}`));
  const before = counts.fail + counts.cancelled;
  const start = node.natives.now();
  return new Promise((resolve) => {
    const child = spawn(
      node.process.execPath,
      [...withoutTestOptions(node.process.execArgv), ...flags, file],
      {
        stdio: ["ignore", "pipe", "pipe", "pipe"],
        env: { ...node.process.env, [CHILD_VARIABLE]: "child" },
      },
    );
    let rest = "";
    let reported = 0;
    child.stdio[EVENT_FD]?.on("data", (chunk: Uint8Array) => {
      const lines = (rest + String(chunk)).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) {
        reported++;
        emit(JSON.parse(line) as TestEvent);
      }
    });
    child.stdout?.on("data", (chunk: Uint8Array) => node.process.stdout.write(chunk));
    child.stderr?.on("data", (chunk: Uint8Array) => node.process.stderr.write(chunk));
    child.on("close", (code: number | null) => {
      const failed = code !== 0 && counts.fail + counts.cancelled === before;
      if (failed || reported === 0) emitFile(node, file, code, node.natives.now() - start, emit);
      resolve();
    });
  });
}

/** A file without tests of its own, or that failed outside of them, counts as one test. */
function emitFile(
  node: NodeContext,
  file: string,
  code: number | null,
  durationMs: number,
  emit: (event: TestEvent) => void,
): void {
  const cwd = `${node.process.cwd()}/`;
  const name = file.startsWith(cwd) ? file.slice(cwd.length) : file;
  const report: TestReport = {
    name,
    nesting: 0,
    number: 1,
    kind: "test",
    outcome: code === 0 ? "pass" : "fail",
    skip: false,
    todo: false,
    durationMs,
    file,
    error:
      code === 0
        ? null
        : { message: "test failed", stack: "", inspected: "'test failed'", details: {} },
    subtests: 0,
  };
  emit({ type: "start", name, nesting: 0 });
  emit({ type: "report", report });
}
