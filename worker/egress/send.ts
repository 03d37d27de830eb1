import type { EgressRequest } from "#protocol/egress-frame.ts";
import { type EgressTarget, hostAndPort } from "#protocol/egress-rule.ts";
import { DiscoError } from "#protocol/errors.ts";
import { outgoingUrl } from "./target.ts";

export interface Outgoing {
  readonly request: EgressRequest;
  readonly target: EgressTarget;
  /** What the other host is told. */
  readonly headers: Headers;
  readonly body: ReadableStream<Uint8Array>;
  /** What is said when it is taken back before the answer begins. */
  readonly refusal: DiscoError;
  /** Milliseconds until the answer's head. */
  readonly silenceMs: number;
  /** Milliseconds between two calls of `mayGoOn`. */
  readonly recheckMs: number;
  /** Whether the request is still allowed; never rejects. */
  mayGoOn(): Promise<boolean>;
  /** Ends the transfer, also after this function has returned. */
  readonly abort: AbortController;
}

/**
 * Asks the other host. A redirect is an answer like any other: whoever follows it needs a grant for
 * where it leads.
 *
 * @throws DiscoError `network_unavailable`, `network_refused`, and the refusal when the permission is
 *   taken back before the answer begins
 */
export async function send(outgoing: Outgoing): Promise<Response> {
  const { request, target, headers, body, refusal, ...bounds } = outgoing;
  let isLate = false;
  let isRevoked = false;
  const timer = setTimeout(() => {
    isLate = true;
    bounds.abort.abort();
  }, bounds.silenceMs);
  // An upload, or a host that lets wait, takes minutes.
  const recheck = setInterval(() => {
    void bounds.mayGoOn().then((may) => {
      if (may) return;
      isRevoked = true;
      bounds.abort.abort();
    });
  }, bounds.recheckMs);
  try {
    return await fetch(outgoingUrl(request.url), {
      method: request.method,
      headers,
      body: bodyOf(request, body),
      redirect: "manual",
      // Answers are for one container; nothing of them may wait at the edge for another.
      cache: "no-store",
      signal: bounds.abort.signal,
    });
  } catch (cause) {
    if (cause instanceof DiscoError) throw cause;
    if (isRevoked) throw refusal;
    const what = isLate ? "does not answer in time" : "cannot be reached";
    throw new DiscoError("network_unavailable", `${hostAndPort(target)} ${what}.`, { cause });
  } finally {
    clearTimeout(timer);
    clearInterval(recheck);
  }
}

export function notGranted(target: EgressTarget): DiscoError {
  const message = `No network access to ${hostAndPort(target)} has been granted to this container.`;
  return new DiscoError("network_not_granted", message);
}

/** Sent as it comes, with its length, because many servers take no body without one. */
function bodyOf(
  { method, bodyBytes }: EgressRequest,
  body: ReadableStream<Uint8Array>,
): ReadableStream<Uint8Array> | null {
  const mayHaveBody = !/^(?:GET|HEAD)$/i.test(method);
  if (!mayHaveBody && bodyBytes > 0) {
    throw new DiscoError("network_refused", `A ${method} with a body is not passed on.`);
  }
  if (!mayHaveBody) return null;
  const fixed = new FixedLengthStream(bodyBytes);
  // A body that is cut off, or too long, fails the request with it.
  body.pipeTo(fixed.writable).catch(() => {});
  return fixed.readable;
}
