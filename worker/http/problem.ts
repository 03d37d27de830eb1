import { errorCatalogue } from "#protocol/error-catalogue.ts";
import type { DiscoError } from "#protocol/errors.ts";

/** Seconds after which a caller may try again what was refused for the moment. */
const RETRY_AFTER_S = 2;

export interface ProblemOptions {
  readonly requestId: string;
  /** Origin whose /docs/errors explains the code; without one the type says nothing. */
  readonly origin: string | undefined;
  readonly headers?: Record<string, string>;
}

/**
 * An error as a problem document (RFC 9457). Beside the members of the RFC it carries the code, what
 * to do next, and the error's facts.
 */
export function problemResponse(error: DiscoError, options: ProblemOptions): Response {
  const { status, title, retryable, next } = errorCatalogue[error.code];
  const document = {
    type: options.origin ? `${options.origin}/docs/errors#${error.code}` : "about:blank",
    title,
    status,
    detail: error.message,
    instance: `urn:uuid:${options.requestId}`,
    code: error.code,
    retryable,
    next,
    ...(error.details && { details: error.details }),
  };
  const headers = new Headers({
    "Content-Type": "application/problem+json",
    "Cache-Control": "no-store",
    ...options.headers,
  });
  if (retryable && (status === 429 || status === 503)) {
    headers.set("Retry-After", String(RETRY_AFTER_S));
  }
  return new Response(JSON.stringify(document), { status, headers });
}
