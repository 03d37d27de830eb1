/** A failure that the person can do something about: its message is shown without a stack. */
export class ExpectedError extends Error {
  override readonly name = "ExpectedError";
}

/** What to show of an error on the terminal. */
export function describeError(error: unknown): string {
  if (error instanceof ExpectedError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
