/** Ends the program: the text for stderr in git's words, and the exit code. */
export class GitFailure extends Error {
  override readonly name = "GitFailure";
  readonly exitCode: number;

  constructor(message: string, exitCode: number) {
    super(message);
    this.exitCode = exitCode;
  }
}

const FATAL = 128;
const USAGE = 129;

export function fatal(message: string): GitFailure {
  return new GitFailure(`fatal: ${message}`, FATAL);
}

export function failure(message: string, exitCode = 1): GitFailure {
  return new GitFailure(`error: ${message}`, exitCode);
}

export function usage(message: string): GitFailure {
  return new GitFailure(message, USAGE);
}
