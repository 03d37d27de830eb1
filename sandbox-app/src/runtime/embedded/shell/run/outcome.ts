/** A way in which a command ends early; thrown, and caught where it has its effect. */
export class Outcome extends Error {}

/** `break` and `continue`: leaves as many loops as it says. */
export class LoopJump extends Outcome {
  readonly kind: "break" | "continue";
  levels: number;

  constructor(kind: "break" | "continue", levels: number) {
    super(kind);
    this.kind = kind;
    this.levels = levels;
  }
}

/** An outcome with the status that the shell then has. */
class StatusOutcome extends Outcome {
  readonly status: number;

  constructor(status: number) {
    super(String(status));
    this.status = status;
  }
}

/** `return`: leaves a function or a sourced file. */
export class Return extends StatusOutcome {}

/** Leaves the shell or subshell: `exit`, `set -e`, an error that bash does not survive. */
export class Exit extends StatusOutcome {}

/** A signal or the end of a job stopped the command. */
export class Interrupted extends StatusOutcome {}

/** Leaves an interactive shell: `exit` on its way past what catches the outcomes of one command. */
export class Leave extends StatusOutcome {}

/** Writing found nobody who reads: ends a command without a word (SIGPIPE). */
export class BrokenPipe extends Outcome {}

/** An error of one command, in bash's words without the prefix that names shell and line. */
export class ShellError extends Error {
  readonly status: number;

  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

/** An error in an expansion: a shell that is not interactive ends. */
export class ExpansionError extends ShellError {}

/** An error that discards the rest of the line (bad arithmetic, bad substitution). */
export class DiscardLine extends ShellError {}

/** Status of a command that a signal ended. */
export const SIGNAL_STATUS = 128;
export const NOT_RUNNABLE = 126;
export const NOT_FOUND = 127;
/** A builtin was used wrongly, or a script has a syntax error. */
export const MISUSE = 2;
/** SIGPIPE is signal 13. */
export const BROKEN_PIPE_STATUS = SIGNAL_STATUS + 13;
