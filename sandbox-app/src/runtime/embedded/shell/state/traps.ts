/** Conditions of `trap` that are no signals. */
export const pseudoSignals: readonly string[] = ["EXIT", "DEBUG", "RETURN", "ERR"];

/** What `trap` was told to do, by `EXIT`, `ERR` or the name of a signal. */
export class Traps {
  readonly actions = new Map<string, string>();
  /** Signals that came and whose action has not run yet. */
  readonly pending: string[] = [];
  /** Actions of the shell around a subshell: shown by `trap`, and no more in effect. */
  inherited: ReadonlyMap<string, string> = new Map();
  isRunning = false;

  forSubshell(): Traps {
    const copy = new Traps();
    // What is ignored stays ignored; the rest goes back to its default (POSIX 2.12).
    for (const [name, action] of this.actions) if (action === "") copy.actions.set(name, action);
    copy.inherited = new Map(this.actions);
    return copy;
  }
}
