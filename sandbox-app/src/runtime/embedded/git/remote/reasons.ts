import { GitFailure } from "../cli/failure.ts";

/** Why a remote could not be used, in one word for programs; see docs/git.md. */
export const reasons = [
  "host_not_allowed",
  "push_not_granted",
  "ref_not_granted",
  "authentication_failed",
  "repository_not_found",
  "redirect_refused",
  "network_refused",
  "network_unavailable",
  "too_large",
  "overloaded",
  "remote_misbehaved",
] as const;
export type Reason = (typeof reasons)[number];

const FATAL = 128;

/** The last line of standard error is for programs: which of the reasons it was. */
export function remoteFailure(reason: Reason, message: string): GitFailure {
  return new GitFailure(`fatal: ${message}\ndisco: reason=${reason}`, FATAL);
}

export function misbehaved(what: string): GitFailure {
  return remoteFailure("remote_misbehaved", `the remote end is not trusted: ${what}`);
}
