/**
 * A failure that the user is told in npm's form: `npm error code <code>`, then its lines.
 *
 * @param code as npm names it: E404, ETARGET, ERESOLVE, EINTEGRITY, EUSAGE, ENOENT …
 */
export class NpmError extends Error {
  override readonly name = "NpmError";
  readonly code: string;
  readonly lines: readonly string[];
  /** What the process ends with. */
  readonly exitCode: number;

  constructor(code: string, lines: readonly string[], exitCode = 1) {
    super(`${code}: ${lines[0] ?? ""}`);
    this.code = code;
    this.lines = lines;
    this.exitCode = exitCode;
  }
}
