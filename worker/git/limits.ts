import type { EgressLimits } from "../egress/limits.ts";

const MiB = 1024 * 1024;

/** What one request of git may cost. */
export const gitLimits: EgressLimits = {
  // Half of what the workspace holds: beside the pack there have to be the files.
  responseMaxBytes: 256 * MiB,
  // A host that packs a large repository says nothing for a while; all of them keep alive by then.
  silenceMs: 2 * 60_000,
  // 256 MiB at half a megabyte a second.
  totalMs: 10 * 60_000,
  // Two or three requests make one command: a script that goes through dozens of repositories …
  burst: 60,
  // … and then goes on at the pace of one that asks by itself.
  perSecond: 2,
  // As with other requests to other hosts.
  recheckMs: 4_000,
};

/** Bytes of the list of references that a push changes: thousands of them. */
export const UPDATES_MAX_BYTES = 1 * MiB;
