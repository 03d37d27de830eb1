import { allows } from "#protocol/egress-rule.ts";
import { mayUpdate } from "#protocol/git-grant.ts";
import type { GitRequest } from "#protocol/git-request.ts";
import { DiscoError } from "#protocol/errors.ts";
import type { Grants } from "../store/grants.ts";
import type { GitGrant, GitGrants } from "../store/git-grants.ts";
import type { RefUpdate } from "./ref-updates.ts";

export interface Permissions {
  /** Hosts whose repositories anybody may read, by configuration. */
  readonly gitHosts: readonly string[];
  readonly hosts: Grants;
  readonly repositories: GitGrants;
}

/** Why a request may go out. */
export type Permission =
  | { readonly kind: "host" }
  /** The person named the repository: a credential for it may be used. */
  | { readonly kind: "repository"; readonly grant: GitGrant };

/**
 * Whether a container may ask that of a repository. Reading takes a host that is open to everybody or
 * that the person allowed, or the repository itself; pushing takes the repository.
 */
export async function permissionFor(
  { gitHosts, hosts, repositories }: Permissions,
  container: string,
  { target, repository, service }: GitRequest,
): Promise<Permission | null> {
  const grants = await repositories.list(container);
  const grant = grants.find((one) => one.repository === repository);
  if (service === "git-receive-pack") {
    return grant?.access === "push" ? { kind: "repository", grant } : null;
  }
  if (grant !== undefined) return { kind: "repository", grant };
  const isOpen = gitHosts.includes(target.host) && target.scheme === "https" && target.port === 443;
  if (isOpen) return { kind: "host" };
  const isGranted = (await hosts.list(container)).some(({ rule }) => allows(rule, target));
  return isGranted ? { kind: "host" } : null;
}

/** What a program reads that asks for more: what to do, in one sentence. */
export function gitNotGranted({ target, repository, service }: GitRequest): DiscoError {
  const message =
    service === "git-receive-pack"
      ? `Pushing to ${repository} has not been granted to this container.`
      : `git may not reach ${target.host}:${target.port}: neither the host nor ${repository} has been granted to this container.`;
  return new DiscoError("network_not_granted", message);
}

/** @throws DiscoError `network_refused` for the first reference beyond what was granted */
export function requireUpdates(
  updates: readonly RefUpdate[],
  { repository, branches }: GitGrant,
): void {
  const beyond = updates.find(({ ref }) => !mayUpdate(ref, branches));
  if (beyond === undefined) return;
  const granted = branches === null ? "branches and tags" : `the branches ${branches}`;
  const ref = beyond.ref.slice(0, 200);
  const message = `${ref} of ${repository} may not be pushed: only ${granted} may.`;
  throw new DiscoError("network_refused", message);
}
