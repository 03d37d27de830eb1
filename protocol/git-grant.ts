/*
 * What a container may do with a repository of another host, and with which of its references. Page
 * and worker agree on it here; the worker decides.
 */

export const gitAccesses = ["read", "push"] as const;
/** `read` reaches the repository, also with a credential; `push` changes it too. */
export type GitAccess = (typeof gitAccesses)[number];

/** Repositories that one container may be allowed; more is a list that nobody reads. */
export const REPOSITORIES_MAX = 64;

/** Credentials that one user may keep. */
export const CREDENTIALS_MAX = 32;

/** One branch, or all that begin so: `disco/*`. */
const BRANCHES = /^[A-Za-z0-9](?:[A-Za-z0-9._/-]{0,198})\*?$/;

/** What is wrong with the names of branches that may be pushed; null when nothing is. */
export function problemOfBranches(branches: string): string | null {
  if (BRANCHES.test(branches) && !/\.\.|\/\//.test(branches)) return null;
  return "Name one branch, or the beginning of several as disco/*.";
}

/**
 * Whether a push may change a reference: branches and tags, and only the branches that were named.
 *
 * @param ref full name
 * @param branches null: all branches, and tags
 */
export function mayUpdate(ref: string, branches: string | null): boolean {
  if (branches === null) return /^refs\/(?:heads|tags)\/./.test(ref);
  if (!ref.startsWith("refs/heads/")) return false;
  const name = ref.slice("refs/heads/".length);
  return branches.endsWith("*") ? name.startsWith(branches.slice(0, -1)) : name === branches;
}
