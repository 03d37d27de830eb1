/** What one finished test tells the reporters; also the line that a child process writes to its runner. */
export interface TestReport {
  readonly name: string;
  readonly nesting: number;
  readonly number: number;
  readonly kind: "test" | "suite";
  readonly outcome: "pass" | "fail" | "cancelled";
  /** True, or the reason. */
  readonly skip: boolean | string;
  readonly todo: boolean | string;
  readonly durationMs: number;
  readonly file: string;
  readonly error: {
    readonly message: string;
    readonly stack: string;
    readonly inspected: string;
    readonly details: Readonly<Record<string, string | number | boolean>>;
  } | null;
  readonly subtests: number;
}

export type TestEvent =
  | { readonly type: "start"; readonly name: string; readonly nesting: number }
  | { readonly type: "report"; readonly report: TestReport }
  | { readonly type: "diagnostic"; readonly nesting: number; readonly message: string };

export interface Counts {
  tests: number;
  suites: number;
  pass: number;
  fail: number;
  cancelled: number;
  skipped: number;
  todo: number;
}

export function noCounts(): Counts {
  return { tests: 0, suites: 0, pass: 0, fail: 0, cancelled: 0, skipped: 0, todo: 0 };
}

export function countReport(counts: Counts, report: TestReport): void {
  if (report.kind === "suite") {
    counts.suites++;
    return;
  }
  counts.tests++;
  if (report.skip !== false) counts.skipped++;
  else if (report.todo !== false) counts.todo++;
  else counts[report.outcome === "pass" ? "pass" : report.outcome]++;
}
