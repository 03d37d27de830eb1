import type { NodeContext } from "../../context.ts";
import { MockTracker } from "./mock.ts";
import { reporterByName } from "./reporters.ts";
import { countReport, noCounts, type TestEvent } from "./test-events.ts";
import {
  type Body,
  type HookName,
  TestNode,
  type TestOptions,
  type TestWorld,
} from "./test-node.ts";

/** Where a runner's child writes its events, one JSON text a line; see `run-files.ts`. */
export const EVENT_FD = 3;
export const CHILD_VARIABLE = "NODE_TEST_CONTEXT";

type Declare = (...args: unknown[]) => Promise<void>;

function parts(args: readonly unknown[]): { name: string; options: TestOptions; body: Body } {
  const body = args.find((each) => typeof each === "function") as Body | undefined;
  const options = args.find(
    (each): each is TestOptions & { name?: string } => typeof each === "object" && each !== null,
  );
  const name =
    typeof args[0] === "string" ? args[0] : (options?.name ?? (body?.name || "<anonymous>"));
  return { name, options: options ?? {}, body: body ?? (() => undefined) };
}

/** `node:test`. */
export function createTest(node: NodeContext): unknown {
  const session = new Session(node);
  const { mock } = session;
  const variants = (kind: "test" | "suite") => {
    const declare =
      (extra: TestOptions): Declare =>
      (...args) =>
        session.declare(kind, args, extra);
    return Object.assign(declare({}), {
      skip: declare({ skip: true }),
      todo: declare({ todo: true }),
      only: declare({ only: true }),
    });
  };
  const test = variants("test");
  const suite = variants("suite");
  const hook = (name: HookName) => (body: Body) => {
    session.current.hooks[name].push(body);
    session.schedule();
  };
  return Object.assign(test, {
    test,
    it: variants("test"),
    suite,
    describe: suite,
    before: hook("before"),
    after: hook("after"),
    beforeEach: hook("beforeEach"),
    afterEach: hook("afterEach"),
    mock,
    assert: { register: (): undefined => undefined },
    snapshot: {
      setDefaultSnapshotSerializers: (): undefined => undefined,
      setResolveSnapshotPath: (): undefined => undefined,
    },
  });
}

/** A pattern of the command line: a text, or an expression between slashes. */
function expressionOf(pattern: string | true | undefined): RegExp | null {
  if (typeof pattern !== "string") return null;
  const [, source = pattern, flags = ""] = /^\/(.*)\/(\w*)$/.exec(pattern) ?? [];
  return new RegExp(source, flags);
}

/** The tests of this process: declared while files run, run when they have. */
class Session {
  readonly #node: NodeContext;
  readonly #world: TestWorld;
  readonly #root: TestNode;
  readonly mock: MockTracker;
  current: TestNode;
  #scheduled = false;

  constructor(node: NodeContext) {
    this.#node = node;
    this.mock = new MockTracker(node);
    const flags = node.options.test;
    const wanted = expressionOf(flags["--test-name-pattern"]);
    const unwanted = expressionOf(flags["--test-skip-pattern"]);
    this.#world = {
      file: node.process.argv[1] ?? "",
      only: "--test-only" in flags,
      matches: (name) => wanted?.test(name) !== false && unwanted?.test(name) !== true,
      now: () => node.natives.now(),
      emit: this.#output(),
      inspect: (error) => node.builtin<{ inspect(value: unknown): string }>("util").inspect(error),
      wait: (ms, act) => {
        const timer = node.timers.setTimeout(act, ms);
        return () => node.timers.clearTimeout(timer);
      },
      makeContext: (test) => this.#context(test),
    };
    this.#root = new TestNode(this.#world, null, "suite", "<root>", {}, () => undefined);
    this.current = this.#root;
  }

  #output(): (event: TestEvent) => void {
    const node = this.#node;
    if (node.process.env[CHILD_VARIABLE] !== undefined) {
      return (event) => {
        node.system.callSync(
          "write",
          EVENT_FD,
          new TextEncoder().encode(`${JSON.stringify(event)}\n`),
          null,
        );
      };
    }
    const counts = noCounts();
    const start = node.natives.now();
    const named = node.options.test["--test-reporter"];
    const reporter = reporterByName(typeof named === "string" ? named : "spec");
    node.process.once("exit", () => {
      node.writeSync(1, reporter.end(counts, node.natives.now() - start));
    });
    return (event) => {
      if (event.type === "report") countReport(counts, event.report);
      const text = reporter.event(event);
      if (text !== "") node.process.stdout.write(text);
    };
  }

  declare(kind: "test" | "suite", args: readonly unknown[], extra: TestOptions): Promise<void> {
    const { name, options, body } = parts(args);
    const parent = this.current;
    const made = new TestNode(this.#world, parent, kind, name, { ...options, ...extra }, body);
    if (kind === "suite" && made.skip === false) {
      this.current = made;
      try {
        made.declared = Promise.resolve(body(this.#context(made))).then(() => undefined);
      } finally {
        this.current = parent;
      }
    }
    this.schedule();
    return Promise.resolve();
  }

  /** Runs what is declared in a later turn, when the file's own statements are through. */
  schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    this.#node.timers.setImmediate(() => {
      void this.#node.loop.track("TestRun", this.#runAll());
    });
  }
  async #runAll(): Promise<void> {
    for (const hook of this.#root.hooks.before) await hook({});
    // Tests may be declared while others run: look again until none is left.
    for (let index = 0; index < this.#root.children.length;) {
      const child = this.#root.children[index] as TestNode;
      await child.run();
      if (this.#root.children[index] === child) index++;
    }
    for (const hook of this.#root.hooks.after) await hook({});
    this.#scheduled = false;
    if (this.#root.failed) this.#node.process.exitCode = 1;
  }

  #context(test: TestNode): object {
    const mock = new MockTracker(this.#node);
    test.cleanUps.push(() => mock.restoreAll());
    const hook = (name: HookName) => (body: Body) => test.hooks[name].push(body);
    const subtest = async (...args: unknown[]) => {
      const { name, options, body } = parts(args);
      await new TestNode(this.#world, test, "test", name, options, body).run();
    };
    return {
      name: test.name,
      fullName: test.fullName,
      filePath: this.#world.file,
      signal: test.controller.signal,
      mock,
      assert: countedAssert(this.#node, test),
      test: subtest,
      it: subtest,
      before: hook("before"),
      after: hook("after"),
      beforeEach: hook("beforeEach"),
      afterEach: hook("afterEach"),
      plan: (count: number) => (test.plan = count),
      skip: (why?: string) => (test.skip = why ?? true),
      todo: (why?: string) => (test.todo = why ?? true),
      diagnostic: (message: string) => void test.diagnostics.push(message),
      runOnly: (): undefined => undefined,
    };
  }
}

/** `t.assert`: the functions of node:assert, counted for `plan`. */
function countedAssert(node: NodeContext, test: TestNode): object {
  const assert = node.builtin<Record<string, unknown>>("assert");
  return new Proxy(assert, {
    get(target, name) {
      const value: unknown = target[name as string];
      if (typeof value !== "function") return value;
      return (...args: unknown[]): unknown => {
        test.assertions++;
        return Reflect.apply(value, target, args);
      };
    },
  });
}
