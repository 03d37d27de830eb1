import { nodeError } from "../errors/node-error.ts";
import type { TestEvent, TestReport } from "./test-events.ts";

export type Body = (context: unknown, done?: (error?: unknown) => void) => unknown;
export type HookName = "before" | "after" | "beforeEach" | "afterEach";

export interface TestOptions {
  readonly skip?: boolean | string;
  readonly todo?: boolean | string;
  readonly only?: boolean;
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  readonly plan?: number;
}

/** What tests need of their process. */
export interface TestWorld {
  readonly file: string;
  readonly only: boolean;
  readonly matches: (name: string) => boolean;
  now(): number;
  emit(event: TestEvent): void;
  inspect(error: unknown): string;
  wait(ms: number, act: () => void): () => void;
  makeContext(test: TestNode): object;
}

/** One test or suite of the tree. */
export class TestNode {
  readonly name: string;
  readonly kind: "test" | "suite";
  readonly options: TestOptions;
  readonly parent: TestNode | null;
  readonly children: TestNode[] = [];
  readonly hooks: Record<HookName, Body[]> = {
    before: [],
    after: [],
    beforeEach: [],
    afterEach: [],
  };
  readonly body: Body;
  skip: boolean | string;
  todo: boolean | string;
  failed = false;
  assertions = 0;
  plan: number | null;
  controller = new AbortController();
  cleanUps: (() => void)[] = [];
  /** Told behind the result. */
  readonly diagnostics: string[] = [];
  readonly #world: TestWorld;
  /** For a suite: its body has declared its tests. */
  declared: Promise<void> = Promise.resolve();
  #started = false;

  constructor(
    world: TestWorld,
    parent: TestNode | null,
    kind: TestNode["kind"],
    name: string,
    options: TestOptions,
    body: Body,
  ) {
    this.#world = world;
    this.parent = parent;
    this.kind = kind;
    this.name = name;
    this.options = options;
    this.body = body;
    this.skip = options.skip ?? false;
    this.todo = options.todo ?? false;
    this.plan = options.plan ?? null;
    parent?.children.push(this);
  }

  get nesting(): number {
    return this.parent === null ? -1 : this.parent.nesting + 1;
  }
  get fullName(): string {
    return this.parent === null || this.parent.parent === null
      ? this.name
      : `${this.parent.fullName} > ${this.name}`;
  }

  /** As patterns of the command line see it (Node, test.md, "Filtering tests by name"). */
  #path(): string {
    return this.fullName.replaceAll(" > ", " ");
  }

  /** Whether `--test-only` and the name patterns leave something of it. */
  #wanted(): boolean {
    if (this.children.some((child) => child.#wanted())) return true;
    if (this.#world.only && !this.#isOnly()) return false;
    return this.kind === "suite"
      ? this.children.length === 0 && this.#world.matches(this.#path())
      : this.#world.matches(this.#path());
  }
  #isOnly(): boolean {
    return this.options.only === true || (this.parent?.kind === "suite" && this.parent.#isOnly());
  }

  async run(): Promise<void> {
    if (this.#started) return;
    this.#started = true;
    await this.declared;
    if (!this.#wanted() && this.parent !== null) {
      this.parent.children.splice(this.parent.children.indexOf(this), 1);
      return;
    }
    const start = this.#world.now();
    this.#world.emit({ type: "start", name: this.name, nesting: this.nesting });
    const error = this.skip === false ? await this.#attempt() : null;
    const failure = error ?? (this.skip === false ? this.#failedChildren() : null);
    this.controller.abort();
    const fails = failure !== null;
    if (fails && this.todo === false) {
      this.failed = true;
      for (let up = this.parent; up !== null; up = up.parent) up.failed = true;
    }
    this.#report(failure, this.#world.now() - start);
  }

  #failedChildren(): Error | null {
    const count = this.children.filter((child) => child.failed).length;
    if (count === 0) return null;
    return nodeError("ERR_TEST_FAILURE", `${count} subtest${count > 1 ? "s" : ""} failed`);
  }

  async #attempt(): Promise<{ value: unknown } | Error | null> {
    try {
      for (const hook of this.#inherited("beforeEach")) await hook(this.#world.makeContext(this));
      if (this.kind === "suite") {
        for (const hook of this.hooks.before) await hook(this.#world.makeContext(this));
        for (const child of this.children.slice()) await child.run();
      } else {
        await this.#limited(this.#body());
        for (const child of this.children.slice()) await child.run();
        this.#checkPlan();
      }
      return null;
    } catch (error) {
      return error instanceof Error ? error : { value: error };
    } finally {
      await this.#after();
    }
  }
  async #after(): Promise<void> {
    for (const hook of this.hooks.after) await hook(this.#world.makeContext(this));
    for (const hook of this.#inherited("afterEach")) await hook(this.#world.makeContext(this));
    for (const clean of this.cleanUps) clean();
  }
  /** Hooks around each test of the suites above, outermost first. */
  #inherited(name: "beforeEach" | "afterEach"): Body[] {
    if (this.kind === "suite" || this.parent === null) return [];
    const chain: Body[] = [];
    for (let up: TestNode | null = this.parent; up !== null; up = up.parent) {
      if (name === "beforeEach") chain.unshift(...up.hooks[name]);
      else chain.push(...up.hooks[name]);
    }
    return chain;
  }
  #body(): Promise<unknown> {
    const context = this.#world.makeContext(this);
    if (this.body.length < 2) return Promise.resolve().then(() => this.body(context));
    return new Promise((resolve, reject) => {
      this.body(context, (given) => {
        const error = given as Error | null | undefined;
        if (error) reject(error);
        else resolve(undefined);
      });
    });
  }
  #limited(work: Promise<unknown>): Promise<unknown> {
    const { timeout, signal } = this.options;
    if (timeout === undefined && signal === undefined) return work;
    return new Promise((resolve, reject) => {
      const stop =
        timeout === undefined || timeout === Infinity
          ? () => undefined
          : this.#world.wait(timeout, () =>
              reject(nodeError("ERR_TEST_FAILURE", `test timed out after ${timeout}ms`)),
            );
      signal?.addEventListener("abort", () => reject(signal.reason as Error), { once: true });
      work.then(resolve, reject).finally(stop);
    });
  }
  #checkPlan(): void {
    if (this.plan === null) return;
    const actual = this.assertions + this.children.length;
    if (actual !== this.plan) {
      throw nodeError(
        "ERR_TEST_FAILURE",
        `plan expected ${this.plan} assertions but received ${actual}`,
      );
    }
  }

  #report(failure: { value: unknown } | Error | null, elapsed: number): void {
    const cause = failure === null ? null : failure instanceof Error ? failure : failure.value;
    const message = cause instanceof Error ? cause.message : String(cause);
    const report: TestReport = {
      name: this.name,
      nesting: this.nesting,
      number: (this.parent?.children.indexOf(this) ?? 0) + 1,
      kind: this.kind,
      outcome: failure === null ? "pass" : /timed out/.test(message) ? "cancelled" : "fail",
      skip: this.skip,
      todo: this.todo,
      durationMs: Math.round(elapsed * 1e6) / 1e6,
      file: this.#world.file,
      error:
        failure === null
          ? null
          : {
              message,
              stack: cause instanceof Error ? (cause.stack ?? "") : "",
              details: cause instanceof Error ? detailsOf(cause) : {},
              inspected: this.#world.inspect(cause),
            },
      subtests: this.children.length,
    };
    this.#world.emit({ type: "report", report });
    for (const text of this.diagnostics) {
      this.#world.emit({ type: "diagnostic", nesting: this.nesting, message: text });
    }
  }
}

/** What reports say of an error besides its message, of an assertion above all. */
function detailsOf(error: Error): Record<string, string | number | boolean> {
  const names = ["code", "name", "expected", "actual", "operator"];
  return Object.fromEntries(
    names.flatMap((name) => {
      const value: unknown = Reflect.get(error, name);
      const isPlain = ["string", "number", "boolean"].includes(typeof value);
      const isTold = name !== "name" || "operator" in error;
      return isPlain && isTold ? [[name, value as string]] : [];
    }),
  );
}
