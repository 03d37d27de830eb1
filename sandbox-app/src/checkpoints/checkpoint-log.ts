import { type Difference, isIgnored, type Picture, type Standing } from "./picture.ts";

/** The call before which a checkpoint was taken. */
export interface CheckpointAbout {
  readonly id: string;
  readonly operation: string;
  /** Untrusted text. */
  readonly client: string;
  /** The operation's own sentence. Untrusted text. */
  readonly summary: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface Checkpoint extends CheckpointAbout {
  /** What stood where something changed between this checkpoint and the next one. */
  readonly before: Difference;
}

/** What a call has left behind: of what it changed, what stood there when it ended. */
export interface Left {
  readonly paths: Difference;
  /** Others ran meanwhile, and what they changed is among it: nobody can tell it apart. */
  readonly isShared: boolean;
}

interface Held extends CheckpointAbout {
  readonly before: Map<string, Standing>;
  isOpen: boolean;
  /** Another call has run at the same time. */
  hasCompany: boolean;
  left: Left | null;
}

/**
 * The checkpoints in the order of their calls. Each holds only what was another way before the next one
 * was taken; what the workspace was at one of them is that, and what the later ones hold besides.
 */
export class CheckpointLog {
  readonly #checkpoints: Held[] = [];
  #dropped = 0;

  /** How many were dropped, the oldest first, to make room. */
  get dropped(): number {
    return this.#dropped;
  }

  /** A changing call begins. */
  open(about: CheckpointAbout): void {
    const others = this.#checkpoints.filter(({ isOpen }) => isOpen);
    for (const other of others) other.hasCompany = true;
    const hasCompany = others.length > 0;
    this.#checkpoints.push({ ...about, before: new Map(), isOpen: true, hasCompany, left: null });
  }

  /** Something has changed since the last checkpoint, whoever did it. */
  absorb(changed: Difference): void {
    const last = this.#checkpoints.at(-1);
    if (last !== undefined) keepFirst(last.before, changed);
  }

  /**
   * The call has ended. A checkpoint since which nothing has changed is not kept.
   *
   * @param now what stands where
   * @returns whether it is kept
   */
  close(id: string, now: Picture): boolean {
    const index = this.#checkpoints.findIndex((checkpoint) => checkpoint.id === id);
    const checkpoint = this.#checkpoints[index];
    if (checkpoint === undefined) return false;
    checkpoint.isOpen = false;
    // What a call changes while another one has begun is held by the other one's checkpoint.
    if (this.#checkpoints.slice(index).some(({ before }) => hasChange(before))) {
      const changed = [...this.#since(index)].filter(([, entry]) => !isIgnored(entry));
      checkpoint.left = {
        paths: new Map(changed.map(([path]) => [path, now.get(path)])),
        isShared: checkpoint.hasCompany,
      };
      return true;
    }
    this.#checkpoints.splice(index, 1);
    const previous = this.#checkpoints[index - 1];
    if (previous !== undefined) keepFirst(previous.before, checkpoint.before);
    return false;
  }

  /** Those since which something has changed, the latest first. */
  list(): Checkpoint[] {
    return this.#checkpoints
      .filter(({ before, isOpen }) => !isOpen || hasChange(before))
      .toReversed();
  }

  /** What the workspace was at a checkpoint, where it may be otherwise now; undefined: no such one. */
  since(id: string): Difference | undefined {
    const index = this.#checkpoints.findIndex((checkpoint) => checkpoint.id === id);
    return index === -1 ? undefined : this.#since(index);
  }

  /** What the call of a checkpoint has left behind; undefined: no such one, or the call still runs. */
  left(id: string): Left | undefined {
    return this.#checkpoints.find((checkpoint) => checkpoint.id === id)?.left ?? undefined;
  }

  #since(index: number): Map<string, Standing> {
    const was = new Map<string, Standing>();
    for (const { before } of this.#checkpoints.slice(index)) keepFirst(was, before);
    return was;
  }

  /** @returns whether there was one that could go: that of a call that runs stays */
  dropOldest(): boolean {
    const [oldest] = this.#checkpoints;
    if (oldest === undefined || oldest.isOpen) return false;
    this.#checkpoints.shift();
    this.#dropped += 1;
    return true;
  }

  get size(): number {
    return this.#checkpoints.length;
  }

  /** Hashes of all contents that a restore may need. */
  *hashes(): Generator<string> {
    for (const { before } of this.#checkpoints) {
      for (const entry of before.values()) if (entry?.type === "file") yield entry.hash;
    }
  }
}

function keepFirst(into: Map<string, Standing>, changed: Difference): void {
  for (const [path, entry] of changed) if (!into.has(path)) into.set(path, entry);
}

function hasChange(before: Difference): boolean {
  for (const entry of before.values()) if (!isIgnored(entry)) return true;
  return false;
}
