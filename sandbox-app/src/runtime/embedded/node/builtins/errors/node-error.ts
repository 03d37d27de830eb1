import { describeReceived, withSeparators } from "./describe-value.ts";

type ErrorClass = new (message: string) => Error;
export type CodedError = Error & { code: string };

/**
 * An error as Node's own modules throw it: with a `code`, and the code in the stack's first line
 * (`TypeError [ERR_INVALID_ARG_TYPE]: …`) while `name` stays that of the class.
 */
export function nodeError(code: string, message: string, Base: ErrorClass = Error): CodedError {
  const error = new Base(message) as CodedError;
  Object.defineProperty(error, "code", {
    value: code,
    enumerable: true,
    writable: true,
    configurable: true,
  });
  const name = error.name;
  if (typeof error.stack === "string" && error.stack.startsWith(name)) {
    const stack = `${name} [${code}]${error.stack.slice(name.length)}`;
    Object.defineProperty(error, "stack", {
      value: stack,
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
  Object.defineProperty(error, "toString", {
    value: () => `${error.name} [${code}]: ${error.message}`,
    writable: true,
    configurable: true,
    enumerable: false,
  });
  return error;
}

/** `expected` as Node words it, e.g. `of type string` or `an instance of Buffer`. */
export function invalidArgType(name: string, expected: string, value: unknown): CodedError {
  const kind = name.includes(".") ? "property" : "argument";
  const subject = name.endsWith(" argument") ? `The ${name}` : `The "${name}" ${kind}`;
  return nodeError(
    "ERR_INVALID_ARG_TYPE",
    `${subject} must be ${expected}.${describeReceived(value)}`,
    TypeError,
  );
}

export function invalidArgValue(name: string, value: unknown, reason = "is invalid"): CodedError {
  const kind = name.includes(".") ? "property" : "argument";
  const shown = typeof value === "string" ? `'${value}'` : String(value);
  return nodeError(
    "ERR_INVALID_ARG_VALUE",
    `The ${kind} '${name}' ${reason}. Received ${shown}`,
    TypeError,
  );
}

export function outOfRange(name: string, range: string, value: unknown): CodedError {
  return nodeError(
    "ERR_OUT_OF_RANGE",
    `The value of "${name}" is out of range. It must be ${range}. Received ${withSeparators(value)}`,
    RangeError,
  );
}

/** As `AbortError` of Node: thrown where a signal ended an operation. */
export function abortError(cause?: unknown): CodedError {
  const error = nodeError("ABORT_ERR", "The operation was aborted");
  Object.defineProperty(error, "name", { value: "AbortError", enumerable: false, writable: true });
  if (cause !== undefined) {
    Object.defineProperty(error, "cause", { value: cause, enumerable: false, writable: true });
  }
  return error;
}

/**
 * What a tab cannot do: fails at once and says what to use instead.
 *
 * @param feature as the guest knows it, e.g. `dgram.createSocket`
 * @param instead one sentence
 */
export function missingFeature(feature: string, instead: string): CodedError {
  return nodeError(
    "ERR_FEATURE_UNAVAILABLE_ON_PLATFORM",
    `${feature} is not available in this container. ${instead}`,
  );
}
