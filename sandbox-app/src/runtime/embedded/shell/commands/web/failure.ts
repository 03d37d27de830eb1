/** A transfer failed; the number is curl's exit code (curl(1), EXIT CODES). */
export class TransferError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}
