import { nodeError } from "../builtins/errors/node-error.ts";

/** The error that Node throws for a rejection whose reason is not an error itself. */
export function rejectionError(reason: unknown): unknown {
  if (reason instanceof Error) return reason;
  const error = nodeError(
    "ERR_UNHANDLED_REJECTION",
    "This error originated either by throwing inside of an async function without a catch block, or by " +
      "rejecting a promise which was not handled with .catch(). The promise rejected with the reason " +
      `"${described(reason)}".`,
  );
  Object.defineProperty(error, "name", { value: "UnhandledPromiseRejection", enumerable: false });
  // With a frame, or it would be shown in brackets.
  error.stack = `UnhandledPromiseRejection: ${error.message}\n    at node:internal/unhandled-rejection`;
  return error;
}

/** As V8 describes a value in messages: an object by its class alone. */
function described(reason: unknown): string {
  if (typeof reason !== "object" || reason === null) return String(reason);
  const name = (reason.constructor as { name?: string } | undefined)?.name ?? "Object";
  return `#<${name}>`;
}
