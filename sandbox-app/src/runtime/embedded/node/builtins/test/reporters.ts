import type { Counts, TestEvent, TestReport } from "./test-events.ts";

export interface Reporter {
  event(event: TestEvent): string;
  end(counts: Counts, durationMs: number): string;
}

const order = ["tests", "suites", "pass", "fail", "cancelled", "skipped", "todo"] as const;

function reason(value: boolean | string, word: string): string {
  if (value === false) return "";
  return typeof value === "string" ? ` # ${value}` : ` # ${word}`;
}

/** Node's `spec`: a tree with marks, the failures once more at the end. */
export function specReporter(): Reporter {
  const open: { name: string; nesting: number; shown: boolean }[] = [];
  const failed: TestReport[] = [];
  const indent = (nesting: number) => "  ".repeat(nesting);
  const line = (report: TestReport) => {
    const mark =
      report.skip !== false
        ? "﹣"
        : report.outcome === "pass"
          ? "✔"
          : report.todo === false
            ? "✖"
            : "⚠";
    const note = reason(report.skip, "SKIP") || reason(report.todo, "TODO");
    return `${mark} ${report.name} (${report.durationMs}ms)${note}`;
  };
  const failure = (report: TestReport, nesting: number) => {
    const text = report.error?.inspected ?? "";
    return `${text
      .split("\n")
      .map((each) => `${indent(nesting)}${each}`)
      .join("\n")}\n`;
  };
  return {
    event(event) {
      if (event.type === "start") {
        open.push({ ...event, shown: false });
        return "";
      }
      if (event.type === "diagnostic") return `${indent(event.nesting)}ℹ ${event.message}\n`;
      const { report } = event;
      const own = open.pop();
      let text = "";
      for (const each of open) {
        if (!each.shown) text += `${indent(each.nesting)}▶ ${each.name}\n`;
        each.shown = true;
      }
      text += `${indent(report.nesting)}${line(report)}\n`;
      const fails = report.outcome !== "pass" && report.todo === false;
      if (fails && own?.shown !== true) {
        failed.push(report);
        text += report.kind === "test" ? "" : "";
      }
      return text;
    },
    end(counts, durationMs) {
      let text =
        order.map((name) => `ℹ ${name} ${counts[name]}\n`).join("") +
        `ℹ duration_ms ${durationMs}\n`;
      if (failed.length > 0) text += "\n✖ failing tests:\n";
      for (const report of failed)
        text += `\ntest at ${report.file}\n${line(report)}\n${failure(report, 1)}`;
      return text;
    },
  };
}

function yamlError(report: TestReport, pad: string): string {
  if (report.error === null) return "";
  const { message, stack, details } = report.error;
  const block = (text: string) =>
    text
      .split("\n")
      .map((each) => `${pad}    ${each}\n`)
      .join("");
  const quoted = (text: string) => `'${text.replaceAll("'", String.raw`\'`)}'`;
  const error = message.includes("\n") ? `|-\n${block(message)}` : `${quoted(message)}\n`;
  const more = Object.entries(details).map(
    ([name, value]) => `${pad}  ${name}: ${typeof value === "string" ? quoted(value) : value}\n`,
  );
  const trace = stack === "" ? "" : `${pad}  stack: |-\n${block(stack)}`;
  return `${pad}  failureType: 'testCodeFailure'\n${pad}  error: ${error}${more.join("")}${trace}`;
}

/** TAP version 13 with Node's diagnostics. */
export function tapReporter(): Reporter {
  let started = false;
  let plan = 0;
  return {
    event(event) {
      const head = started ? "" : "TAP version 13\n";
      started = true;
      const pad = "    ".repeat(event.type === "report" ? event.report.nesting : event.nesting);
      if (event.type === "start") return `${head}${pad}# Subtest: ${event.name}\n`;
      if (event.type === "diagnostic") return `${head}${pad}# ${event.message}\n`;
      const { report } = event;
      if (report.nesting === 0) plan++;
      const inner = report.subtests > 0 ? `${pad}    1..${report.subtests}\n` : "";
      const note =
        report.skip !== false
          ? ` # SKIP${typeof report.skip === "string" ? ` ${report.skip}` : ""}`
          : report.todo !== false
            ? ` # TODO${typeof report.todo === "string" ? ` ${report.todo}` : ""}`
            : "";
      const ok = report.outcome === "pass" ? "ok" : "not ok";
      return `${head}${inner}${pad}${ok} ${report.number} - ${report.name.replaceAll("#", String.raw`\#`)}${note}\n${pad}  ---\n${pad}  duration_ms: ${report.durationMs}\n${pad}  type: '${report.kind}'\n${yamlError(report, pad)}${pad}  ...\n`;
    },
    end(counts, durationMs) {
      const lines = order.map((name) => `# ${name} ${counts[name]}\n`).join("");
      return `${started ? "" : "TAP version 13\n"}1..${plan}\n${lines}# duration_ms ${durationMs}\n`;
    },
  };
}

/** Node's `dot`. */
export function dotReporter(): Reporter {
  return {
    event: (event) =>
      event.type === "report" && event.report.kind === "test"
        ? event.report.outcome === "pass"
          ? "."
          : "X"
        : "",
    end: () => "\n",
  };
}

export function reporterByName(name: string): Reporter {
  if (name === "tap") return tapReporter();
  return name === "dot" ? dotReporter() : specReporter();
}
