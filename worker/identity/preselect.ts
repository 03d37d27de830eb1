/** A container as far as a client's choice depends on it. */
export interface Candidate {
  /** Id of the container. */
  readonly id: string;
  /** Whether a tab runs it now. */
  readonly isOpen: boolean;
  /** Whether this client worked on it until now. */
  readonly isOwn: boolean;
  /** Names of the other clients that work on it. */
  readonly usedBy: readonly string[];
}

/**
 * The container that a client gets unless the person says otherwise: the one it had; for a new client
 * one that is open in a tab and that no other client uses, else a new one. So the first client just
 * works on what the person sees, and two clients never share by accident. Where no more can be made,
 * an unused one comes first.
 *
 * @param mayCreate whether the user may have one more
 * @returns id of a container, or null for a new one
 */
export function preselect(candidates: readonly Candidate[], mayCreate: boolean): string | null {
  const isFree = ({ usedBy }: Candidate): boolean => usedBy.length === 0;
  const fitting =
    candidates.find(({ isOwn }) => isOwn) ??
    candidates.find((candidate) => candidate.isOpen && isFree(candidate));
  if (fitting !== undefined || mayCreate) return fitting?.id ?? null;
  return (candidates.find(isFree) ?? candidates[0])?.id ?? null;
}
