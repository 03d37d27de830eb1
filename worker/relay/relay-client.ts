import { DiscoError } from "#protocol/errors.ts";
import type { Outcome } from "#protocol/frames.ts";
import { findOperation } from "#protocol/registry.ts";
import type { Attachment, CallRequest, ContainerLink, OnProgress } from "./link.ts";
import type { RecentCall } from "./recent-calls.ts";

/** What the relay offers over RPC; the relay itself fits it too, for calls made inside it. */
export interface RelayPort {
  call(id: string, request: CallRequest, onProgress?: OnProgress): Promise<Outcome>;
  cancel(id: string): Promise<void> | void;
  attachment(): Promise<Attachment> | Attachment;
  recent(): Promise<readonly RecentCall[]> | readonly RecentCall[];
  erase(): Promise<void>;
}

/** Makes a stub, or gives the relay itself. A stub is of no use after its object has failed once. */
export type OpenRelay = () => RelayPort;

/**
 * A container's relay as `execute` sees it.
 *
 * @param container id of the container
 */
export function createRelayLink(openRelay: OpenRelay, container: string): ContainerLink {
  return {
    container,
    async call(request, signal, onProgress) {
      const asked = onProgress === undefined ? request : { ...request, progress: true };
      const outcome = await runCall(openRelay, asked, signal, onProgress);
      if (outcome.ok) return outcome.output;
      throw DiscoError.fromBody(outcome.error);
    },
    async attachment() {
      return await twice(() => openRelay().attachment());
    },
    async recent() {
      return await twice(() => openRelay().recent());
    },
    async erase() {
      await twice(() => openRelay().erase());
    },
  };
}

async function runCall(
  openRelay: OpenRelay,
  request: CallRequest,
  signal: AbortSignal | undefined,
  onProgress: OnProgress | undefined,
): Promise<Outcome> {
  const started = Date.now();
  if (findOperation(request.operation)?.hints.readOnly) {
    return await twice(() => {
      const timeoutMs = Math.max(1, request.timeoutMs - (Date.now() - started));
      return attempt(openRelay(), { ...request, timeoutMs }, signal, onProgress);
    });
  }
  return await attempt(openRelay(), request, signal, onProgress).catch((error: unknown) => {
    throw new DiscoError(
      "outcome_unknown",
      `The relay was lost while ${request.operation} was on its way.`,
      { cause: error },
    );
  });
}

/** What only reads, or does no more when it is repeated, is tried once more: a relay that was moved or updated is back at once. */
async function twice<Result>(read: () => Promise<Result> | Result): Promise<Result> {
  try {
    return await read();
  } catch {
    try {
      return await read();
    } catch (error) {
      throw new DiscoError("internal", "The container's relay failed twice.", { cause: error });
    }
  }
}

/** One call with an id of its own. RPC carries no abort, so `cancel` tells of it. */
async function attempt(
  relay: RelayPort,
  request: CallRequest,
  signal: AbortSignal | undefined,
  onProgress: OnProgress | undefined,
): Promise<Outcome> {
  if (signal?.aborted) return cancelled(request);
  const id = crypto.randomUUID();
  const outcome = relay.call(id, request, onProgress);
  const cancel = () => {
    Promise.resolve(relay.cancel(id)).catch(() => {
      // The relay is gone, and the call with it: `outcome` tells that.
    });
  };
  signal?.addEventListener("abort", cancel, { once: true });
  try {
    return await outcome;
  } finally {
    signal?.removeEventListener("abort", cancel);
  }
}

function cancelled(request: CallRequest): Outcome {
  const message = `${request.operation} was cancelled before it ran.`;
  return { ok: false, error: { code: "cancelled", message } };
}
