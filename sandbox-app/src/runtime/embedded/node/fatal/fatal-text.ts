import { emittedAt } from "../builtins/events/emitted-errors.ts";
import { NODE_VERSION } from "../process/versions.ts";
import { codeFrame, sourcePlace } from "./source-place.ts";

export interface FatalTextParts {
  /** `util.inspect` */
  readonly inspect: (value: unknown) => string;
  /** Text of a file that a stack names; null when there is none. */
  readonly read: (file: string) => string | null;
  /** It was the reason of a promise: there is no `throw` to point at. */
  readonly isRejection: boolean;
}

/** What Node writes before it ends because of an error that nobody caught. */
export function fatalText(error: unknown, parts: FatalTextParts): string {
  const { inspect, read, isRejection } = parts;
  const isError = error instanceof Error;
  const emitted = isError ? emittedAt(error) : null;
  const place = emitted === null ? sourcePlace(error, read, isRejection) : null;
  const frame = place === null ? "" : codeFrame(place);
  const hint = isError
    ? ""
    : "(Use `node --trace-uncaught ...` to show where the exception was thrown)\n";
  const uncaught = isError ? "" : "Uncaught:\n";
  const text = withEmitted(words(error, inspect), error, emitted);
  return `${frame}${uncaught}${text}\n${hint}\nNode.js ${NODE_VERSION}\n`;
}

/** The stack goes on with where the error was emitted. */
function withEmitted(text: string, error: unknown, emitted: string | null): string {
  const stack = emitted === null ? undefined : (error as Error).stack;
  return stack !== undefined && text.startsWith(stack)
    ? `${stack}\n${emitted}${text.slice(stack.length)}`
    : text;
}

function words(error: unknown, inspect: (value: unknown) => string): string {
  try {
    return inspect(error);
  } catch {
    return error instanceof Error ? String(error.stack) : String(error);
  }
}
