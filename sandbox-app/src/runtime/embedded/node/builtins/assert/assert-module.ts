import type { NodeContext } from "../../context.ts";
import { invalidArgType, nodeError } from "../errors/node-error.ts";
import { isDeepLooseEqual, isDeepStrictEqual } from "../util/deep-equal.ts";
import { type AssertionOptions, createAssertionError } from "./assertion-error.ts";
import type { Inspect } from "./explain.ts";
import { falsyMessage } from "./falsy-message.ts";
import { partiallyEqual } from "./partial-equal.ts";
import { checkError, checkPromiseFunction } from "./throws.ts";

type Assert = ((value: unknown, message?: unknown) => void) & Record<string, unknown>;
type Compare = (actual: unknown, expected: unknown) => boolean;

/* oxlint-disable eqeqeq -- assert.equal promises the loose comparison */
const looseEqual: Compare = (actual, expected) =>
  actual == expected || (Number.isNaN(actual) && Number.isNaN(expected));
/* oxlint-enable eqeqeq */

const comparisons: Record<string, readonly [operator: string, holds: Compare]> = {
  equal: ["==", looseEqual],
  notEqual: ["!=", (actual, expected) => !looseEqual(actual, expected)],
  strictEqual: ["strictEqual", Object.is],
  notStrictEqual: ["notStrictEqual", (actual, expected) => !Object.is(actual, expected)],
  deepEqual: ["deepEqual", isDeepLooseEqual],
  notDeepEqual: ["notDeepEqual", (actual, expected) => !isDeepLooseEqual(actual, expected)],
  deepStrictEqual: ["deepStrictEqual", isDeepStrictEqual],
  notDeepStrictEqual: [
    "notDeepStrictEqual",
    (actual, expected) => !isDeepStrictEqual(actual, expected),
  ],
  partialDeepStrictEqual: ["partialDeepStrictEqual", partiallyEqual],
};

function readSource({ system }: NodeContext, file: string): string | null {
  try {
    return new TextDecoder().decode(system.callSync("readFile", file));
  } catch {
    return null;
  }
}

/** `node:assert`. */
export function createAssert(node: NodeContext): unknown {
  const inspect: Inspect = (value, options) =>
    node.builtin<{ inspect: Inspect }>("util").inspect(value, options);
  const AssertionError = createAssertionError(inspect);
  const raise = (options: AssertionOptions): never => {
    if (options.message instanceof Error) throw options.message;
    throw new AssertionError(options);
  };
  /** With a message that no program gave. */
  const generated = (message: string, options: AssertionOptions = { operator: "fail" }): never => {
    const error = new AssertionError({ ...options, message });
    error.generatedMessage = true;
    throw error;
  };
  const ok = (...args: unknown[]): void => {
    const [value, message] = args;
    if (value) return;
    const expected = { actual: value, expected: true, operator: "==", stackStartFn: ok };
    if (message !== undefined && args.length > 0) raise({ ...expected, message });
    const text =
      args.length === 0
        ? "No value argument passed to `assert.ok()`"
        : falsyMessage((file) => readSource(node, file), ok);
    generated(text, expected);
  };
  const assert = Object.assign((...args: unknown[]) => ok(...args), {
    ok,
    AssertionError,
  }) as unknown as Assert;
  for (const [name, [operator, holds]] of Object.entries(comparisons)) {
    const method = (...args: unknown[]) => {
      const [actual, expected, message] = args;
      if (args.length < 2) {
        throw nodeError(
          "ERR_MISSING_ARGS",
          'The "actual" and "expected" arguments must be specified',
          TypeError,
        );
      }
      if (!holds(actual, expected))
        raise({ actual, expected, message, operator, stackStartFn: method });
    };
    assert[name] = Object.defineProperty(method, "name", { value: name });
  }
  const tools = { AssertionError, inspect };
  Object.assign(assert, otherMethods(raise, inspect), throwMethods(raise, tools));
  const strict = Object.assign((...args: unknown[]) => ok(...args), assert, {
    equal: assert["strictEqual"],
    deepEqual: assert["deepStrictEqual"],
    notEqual: assert["notStrictEqual"],
    notDeepEqual: assert["notDeepStrictEqual"],
  }) as Assert;
  assert["strict"] = strict;
  strict["strict"] = strict;
  return assert;
}

type Raise = (options: AssertionOptions) => never;

function otherMethods(raise: Raise, inspect: Inspect): Record<string, unknown> {
  const matcher =
    (name: string, wanted: boolean) => (text: unknown, pattern: unknown, message?: unknown) => {
      if (!(pattern instanceof RegExp))
        throw invalidArgType("regexp", "an instance of RegExp", pattern);
      const matches = typeof text === "string" && pattern.test(text);
      if (typeof text === "string" && matches === wanted) return;
      const why =
        typeof text === "string"
          ? `The input ${wanted ? "did not match" : "was expected to not match"} the regular expression ${inspect(pattern)}. Input:\n\n${inspect(text)}\n`
          : `The "string" argument must be of type string. Received type ${typeof text} (${inspect(text)})`;
      try {
        raise({ actual: text, expected: pattern, message: message ?? why, operator: name });
      } catch (error) {
        if (message === undefined) (error as { generatedMessage: boolean }).generatedMessage = true;
        throw error;
      }
    };
  return {
    fail: (message?: unknown) => {
      try {
        raise({ message: message ?? "Failed", operator: "fail" });
      } catch (error) {
        if (message === undefined) (error as { generatedMessage: boolean }).generatedMessage = true;
        throw error;
      }
    },
    ifError: (value: unknown) => {
      if (value === null || value === undefined) return;
      const text =
        value instanceof Error ? value.message || value.constructor.name : inspect(value);
      raise({
        actual: value,
        expected: null,
        operator: "ifError",
        message: `ifError got unwanted exception: ${text}`,
      });
    },
    match: matcher("match", true),
    doesNotMatch: matcher("doesNotMatch", false),
  };
}

/** The second argument of `throws` and the like may be the message. */
function split(expected: unknown, message: unknown) {
  return typeof expected === "string"
    ? { expected: undefined, message: expected }
    : { expected, message };
}

function throwMethods(
  raise: Raise,
  tools: Parameters<typeof checkError>[0],
): Record<string, unknown> {
  const missing = (operator: string, expected: unknown, message: unknown): never => {
    const { name } = (expected ?? {}) as { name?: string };
    const kind = operator === "rejects" ? "rejection" : "exception";
    const details = `${name === undefined || name === "" ? "" : ` (${name})`}${message === undefined ? "." : `: ${message as string}`}`;
    return raise({
      actual: undefined,
      expected,
      operator,
      message: `Missing expected ${kind}${details}`,
    });
  };
  const unwanted = (operator: string, error: unknown, message: unknown): never => {
    const kind = operator === "doesNotReject" ? "rejection" : "exception";
    const text = `Got unwanted ${kind}${message === undefined ? "." : `: ${message as string}`}\nActual message: "${(error as Error | null)?.message ?? String(error)}"`;
    return raise({ actual: error, operator, message: text });
  };
  return {
    throws: (act: () => unknown, first?: unknown, second?: unknown) => {
      if (typeof act !== "function") throw invalidArgType("fn", "of type function", act);
      const { expected, message } = split(first, second);
      try {
        act();
      } catch (error) {
        checkError(tools, error, expected, message, "throws");
        return;
      }
      missing("throws", expected, message);
    },
    doesNotThrow: (act: () => unknown, first?: unknown, second?: unknown) => {
      try {
        act();
      } catch (error) {
        unwanted("doesNotThrow", error, split(first, second).message);
      }
    },
    rejects: async (promise: unknown, first?: unknown, second?: unknown) => {
      const { expected, message } = split(first, second);
      try {
        await checkPromiseFunction(promise);
      } catch (error) {
        checkError(tools, error, expected, message, "rejects");
        return;
      }
      missing("rejects", expected, message);
    },
    doesNotReject: async (promise: unknown, first?: unknown, second?: unknown) => {
      try {
        await checkPromiseFunction(promise);
      } catch (error) {
        unwanted("doesNotReject", error, split(first, second).message);
      }
    },
  };
}
