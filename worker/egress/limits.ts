/** What requests to other hosts may cost. */
export interface EgressLimits {
  /** Bytes of one answer's body, as it comes out of the transfer encoding. */
  readonly responseMaxBytes: number;
  /** Milliseconds without a byte, before the answer's head and within its body. */
  readonly silenceMs: number;
  /** Milliseconds for the whole answer. */
  readonly totalMs: number;
  /** Requests of one container that may come at once … */
  readonly burst: number;
  /** … and that it wins back each second. */
  readonly perSecond: number;
  /** Milliseconds between two looks at whether a running answer is still allowed. */
  readonly recheckMs: number;
}

const MiB = 1024 * 1024;

export const egressLimits: EgressLimits = {
  // Half of what the workspace holds: a larger file would not fit beside what is there.
  responseMaxBytes: 256 * MiB,
  // A model that thinks and does not stream is silent for minutes.
  silenceMs: 5 * 60_000,
  // Streams of events go on for long; whoever wants more connects again.
  totalMs: 60 * 60_000,
  // A page of parallel API calls; then as fast as a busy crawler should be.
  burst: 200,
  perSecond: 20,
  // With GRANTS_BELIEVED_MS it is at most 6 s from the revocation to the end of the stream.
  recheckMs: 4_000,
};

/** Milliseconds that the list of a container's grants is believed before it is read again. */
export const GRANTS_BELIEVED_MS = 2_000;

/** Containers whose lists are remembered in one isolate. */
export const GRANTS_REMEMBERED = 1_000;

/** A running answer ends when for this long the store could not confirm that it is allowed. */
export const UNCONFIRMED_MAX_MS = 8_000;
