import * as z from "zod";
import { type ErrorCode, errorCatalogue, errorCodes } from "./error-catalogue.ts";
import type { ErrorKind } from "./error-kind.ts";

/** Facts about one error that a program can use: field paths, the URL to open, a limit. */
export const ErrorDetails = z.record(z.string(), z.json());
export type ErrorDetails = z.infer<typeof ErrorDetails>;

/** An error as it crosses the wire. */
export const ErrorBody = z.object({
  code: z.enum(errorCodes),
  message: z.string().max(4_000),
  details: ErrorDetails.optional(),
});
export type ErrorBody = z.infer<typeof ErrorBody>;

/**
 * The one error of Disco: thrown inside, shown as a problem document (REST) or an error result (MCP).
 *
 * @param code from the catalogue
 * @param message what happened, with the names involved and without secrets; shown to callers
 * @param options.details facts for programs
 * @param options.cause the error underneath; logged, never shown
 */
export class DiscoError extends Error {
  override readonly name = "DiscoError";
  readonly code: ErrorCode;
  readonly details: ErrorDetails | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: ErrorDetails; cause?: unknown } = {},
  ) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.details = options.details;
  }

  get kind(): ErrorKind {
    return errorCatalogue[this.code];
  }

  toBody(): ErrorBody {
    const body: ErrorBody = { code: this.code, message: this.message };
    return this.details === undefined ? body : { ...body, details: this.details };
  }

  static fromBody(body: ErrorBody): DiscoError {
    return new DiscoError(body.code, body.message, body.details ? { details: body.details } : {});
  }

  /** What is not ours is `internal`: its text may hold anything, so it is kept as cause only. */
  static from(error: unknown): DiscoError {
    if (error instanceof DiscoError) return error;
    return new DiscoError("internal", "An unexpected error occurred.", { cause: error });
  }
}

/** `CODE: what happened. Next: what to do.`, the form in which a model reads an error. */
export function describeError(body: ErrorBody): string {
  const message = /[.!?]$/.test(body.message) ? body.message : `${body.message}.`;
  return `${body.code}: ${message} Next: ${errorCatalogue[body.code].next}`;
}
