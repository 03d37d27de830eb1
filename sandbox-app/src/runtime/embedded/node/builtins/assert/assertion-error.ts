import { explainDifference, type Inspect } from "./explain.ts";

export interface AssertionOptions {
  readonly message?: unknown;
  readonly actual?: unknown;
  readonly expected?: unknown;
  readonly operator?: string;
  readonly stackStartFn?: NewableFunction | ((...args: never[]) => unknown) | undefined;
}

/** The class `assert.AssertionError`. */
export function createAssertionError(inspect: Inspect) {
  return class AssertionError extends Error {
    generatedMessage: boolean;
    readonly code = "ERR_ASSERTION";
    actual: unknown;
    expected: unknown;
    operator: string;
    diff: string;

    constructor(options: AssertionOptions) {
      const { message, actual, expected, operator = "fail", stackStartFn } = options;
      super(
        message === undefined || message === null
          ? explainDifference(inspect, operator, actual, expected)
          : (message as string),
      );
      Object.defineProperty(this, "name", {
        value: "AssertionError",
        enumerable: false,
        writable: true,
        configurable: true,
      });
      this.generatedMessage = message === undefined || message === null;
      this.actual = actual;
      this.expected = expected;
      this.operator = operator;
      this.diff = "simple";
      const withTrace = Error as { captureStackTrace?: (target: object, from?: unknown) => void };
      Object.defineProperty(this, "name", {
        value: "AssertionError [ERR_ASSERTION]",
        configurable: true,
      });
      withTrace.captureStackTrace?.(this, stackStartFn);
      // The stack's text is made when it is first read, with the name of that moment.
      void this.stack;
      Object.defineProperty(this, "name", {
        value: "AssertionError",
        enumerable: false,
        writable: true,
        configurable: true,
      });
    }
    override toString(): string {
      return `${this.name} [${this.code}]: ${this.message}`;
    }
  };
}

export type AssertionErrorClass = ReturnType<typeof createAssertionError>;
