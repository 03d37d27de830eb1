import type { AssertionErrorClass } from "./assertion-error.ts";
import { isDeepStrictEqual } from "../util/deep-equal.ts";
import { invalidArgType, invalidArgValue } from "../errors/node-error.ts";
import type { Inspect } from "./explain.ts";

export type Check = (...args: never[]) => unknown;

interface Tools {
  readonly AssertionError: AssertionErrorClass;
  readonly inspect: Inspect;
}

/** Whether an error is what was expected: a class, a regular expression, a function or a shape. */
export function checkError(
  { AssertionError, inspect }: Tools,
  actual: unknown,
  expected: unknown,
  message: unknown,
  operator: string,
): void {
  const fail = (text: string): never => {
    const error = new AssertionError({ message: message ?? text, actual, expected, operator });
    error.generatedMessage = message === undefined;
    throw error;
  };
  if (expected instanceof RegExp) {
    if (expected.test(String(actual))) return;
    fail(
      `The input did not match the regular expression ${inspect(expected)}. Input:\n\n${inspect(String(actual))}\n`,
    );
  } else if (typeof expected === "function") {
    checkByFunction(expected as Check, actual, fail, inspect);
  } else if (typeof expected === "object" && expected !== null) {
    checkByShape(
      { AssertionError, inspect },
      actual,
      expected as Record<string, unknown>,
      message,
      operator,
    );
  }
}

function checkByFunction(
  expected: Check,
  actual: unknown,
  fail: (text: string) => never,
  inspect: Inspect,
): void {
  const { prototype } = expected as { prototype?: object };
  if (prototype !== undefined && actual instanceof (expected as never)) return;
  if (Object.prototype.isPrototypeOf.call(Error, expected)) {
    const got = actual instanceof Error ? actual.constructor.name : inspect(actual, { depth: -1 });
    const extra =
      actual instanceof Error && actual.message !== ""
        ? `\n\nError message:\n\n${actual.message}`
        : "";
    fail(
      `The error is expected to be an instance of "${expected.name}". Received ${actual instanceof Error ? `"${got}"` : `"${got}"`}${extra}`,
    );
  }
  const result: unknown = Reflect.apply(expected, {}, [actual]);
  if (result === true) return;
  const name = expected.name === "" ? "" : `"${expected.name}" `;
  fail(
    `The ${name}validation function is expected to return "true". Received ${inspect(result)}\n\nCaught error:\n\n${String(actual)}`,
  );
}

function checkByShape(
  { AssertionError }: Tools,
  actual: unknown,
  expected: Record<string, unknown>,
  message: unknown,
  operator: string,
): void {
  const keys = Object.keys(expected);
  if (expected instanceof Error) keys.push("name", "message");
  else if (keys.length === 0)
    throw invalidArgValue("error", expected, "may not be an empty object");
  const source = Object(actual) as Record<string, unknown>;
  const holds = keys.every((key) => {
    const [got, wanted] = [source[key], expected[key]];
    if (typeof got === "string" && wanted instanceof RegExp) return wanted.test(got);
    return key in source && isDeepStrictEqual(got, wanted);
  });
  if (holds) return;
  const pick = (from: Record<string, unknown>, other?: Record<string, unknown>) =>
    Object.fromEntries(
      keys
        .filter((key) => key in from)
        .map((key) => {
          const wanted = other?.[key];
          const matched =
            wanted instanceof RegExp && typeof from[key] === "string" && wanted.test(from[key]);
          return [key, matched ? wanted : from[key]];
        }),
    );
  const error = new AssertionError({
    message,
    actual: pick(source, expected),
    expected: pick(expected),
    operator: "deepStrictEqual",
  });
  Object.assign(error, { actual, expected, operator });
  throw error;
}

export function checkPromiseFunction(value: unknown): Promise<unknown> {
  if (typeof (value as { then?: unknown } | null)?.then === "function")
    return value as Promise<unknown>;
  if (typeof value !== "function") {
    throw invalidArgType("promiseFn", "of type function or an instance of Promise", value);
  }
  const result: unknown = (value as () => unknown)();
  if (typeof (result as { then?: unknown } | null)?.then !== "function") {
    throw Object.assign(
      new TypeError(
        `Expected instance of Promise to be returned from the "promiseFn" function but got ${typeof result}.`,
      ),
      { code: "ERR_INVALID_RETURN_VALUE" },
    );
  }
  return result as Promise<unknown>;
}
