import { nodeError } from "../builtins/errors/node-error.ts";

/** The error that Node throws for a rejection whose reason is not an error itself. */
export function rejectionError(reason: unknown, inspect: (value: unknown) => string): unknown {
  if (reason instanceof Error) return reason;
  const error = nodeError(
    "ERR_UNHANDLED_REJECTION",
    "This error originated either by throwing inside of an async function without a catch block, or by " +
      "rejecting a promise which was not handled with .catch(). The promise rejected with the reason " +
      `"${typeof reason === "object" ? inspect(reason) : (reason as string)}".`,
  );
  Object.defineProperty(error, "name", { value: "UnhandledPromiseRejection", enumerable: false });
  error.stack = `UnhandledPromiseRejection: ${error.message}`;
  return error;
}
