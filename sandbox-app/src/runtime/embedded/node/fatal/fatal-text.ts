import { NODE_VERSION } from "../process/versions.ts";
import { codeFrame, sourcePlace } from "./source-place.ts";

export interface FatalTextParts {
  /** `util.inspect` */
  readonly inspect: (value: unknown) => string;
  /** Text of a file that a stack names; null when there is none. */
  readonly read: (file: string) => string | null;
}

/** What Node writes before it ends because of an error that nobody caught. */
export function fatalText(error: unknown, { inspect, read }: FatalTextParts): string {
  const place = sourcePlace(error, read);
  const frame = place === null ? "" : codeFrame(place);
  const isError = error instanceof Error;
  const hint = isError
    ? ""
    : "(Use `node --trace-uncaught ...` to show where the exception was thrown)\n";
  const uncaught = isError ? "" : "Uncaught:\n";
  return `${frame}${uncaught}${words(error, inspect)}\n${hint}\nNode.js ${NODE_VERSION}\n`;
}

function words(error: unknown, inspect: (value: unknown) => string): string {
  try {
    return inspect(error);
  } catch {
    return error instanceof Error ? String(error.stack) : String(error);
  }
}
