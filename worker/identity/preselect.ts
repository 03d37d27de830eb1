/** A container as far as a new client's choice depends on it. */
export interface Candidate {
  /** Id of the container. */
  readonly id: string;
  /** Whether a tab runs it now. */
  readonly isOpen: boolean;
  /** Names of the other clients that work on it. */
  readonly usedBy: readonly string[];
}

/**
 * The container that a client gets unless the person says otherwise: one that is open in a tab and
 * that no other client uses, else a new one. So the first client just works on what the person sees,
 * and two clients never share by accident.
 *
 * @returns id of a container, or null for a new one
 */
export function preselect(candidates: readonly Candidate[]): string | null {
  return candidates.find(({ isOpen, usedBy }) => isOpen && usedBy.length === 0)?.id ?? null;
}
