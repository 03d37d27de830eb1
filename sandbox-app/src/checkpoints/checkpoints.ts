import { DiscoError } from "#protocol/errors.ts";
import { fileLocks } from "../dispatch/file-access.ts";
import { PathLocks } from "../dispatch/path-locks.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { applyRestore, type Restored } from "./apply-restore.ts";
import { type Checkpoint, type CheckpointAbout, CheckpointLog } from "./checkpoint-log.ts";
import { KeptContents } from "./kept-contents.ts";
import { CHECKPOINTS_MAX, KEPT_MAX_BYTES } from "./limits.ts";
import { type Entry, isIgnored, type Picture } from "./picture.ts";
import { isWithin, pathsOf, planRestore, type RestorePlan } from "./restore-plan.ts";
import { planUndo, type UndoPlan } from "./undo-plan.ts";
import { WorkspacePicture } from "./workspace-picture.ts";

/** Of a random id: short enough for a model to copy without a mistake. */
const ID_CHARS = 12;

/** All of it happens one after the other. */
const TURN = "";

/** Which paths a restore is about. */
type IsWanted = (path: string) => boolean;

export interface CheckpointsOptions {
  readonly runtime: Pick<Runtime, "files" | "root">;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly newId: () => string;
  /** Bytes of all contents that are kept; default KEPT_MAX_BYTES. */
  readonly maxBytes?: number;
}

export interface CheckpointList {
  /** The latest first. */
  readonly checkpoints: readonly Checkpoint[];
  /** Milliseconds since the epoch; nothing older is known. */
  readonly keptSince: number;
  /** Older ones that had to go. */
  readonly dropped: number;
}

/** The checkpoints of one runtime, in memory: they are gone with the page. */
export class Checkpoints {
  readonly #options: CheckpointsOptions;
  readonly #keptSince: number;
  readonly #turns = new PathLocks();
  readonly #log = new CheckpointLog();
  readonly #contents: KeptContents;
  readonly #picture: WorkspacePicture;
  /** Contents that this look has brought: nothing leads to them yet. */
  readonly #fresh = new Set<string>();
  /** All that could go in this look has gone. */
  #isFull = false;

  constructor(options: CheckpointsOptions) {
    const { runtime, now, maxBytes = KEPT_MAX_BYTES } = options;
    this.#options = options;
    this.#keptSince = now();
    this.#contents = new KeptContents(maxBytes);
    this.#picture = new WorkspacePicture(runtime.files, runtime.root, {
      hasRoom: (bytes) => this.#contents.hasRoom(bytes),
      keep: (hash, content) => this.#keep(hash, content),
    });
  }

  /** A changing call is about to run. @returns the id of its checkpoint */
  begin(about: Omit<CheckpointAbout, "id" | "at">): Promise<string> {
    return this.#inTurn(async () => {
      const id = this.#options.newId();
      this.#log.open({ ...about, id, at: this.#options.now() });
      while (this.#log.size > CHECKPOINTS_MAX && this.#log.dropOldest());
      return id;
    });
  }

  /** It has ended. @returns whether anything has changed since, and its checkpoint is kept */
  end(id: string): Promise<boolean> {
    return this.#inTurn(async () => this.#log.close(id, this.#picture.entries));
  }

  list(): Promise<CheckpointList> {
    return this.#inTurn(async () => ({
      checkpoints: this.#log.list(),
      keptSince: this.#keptSince,
      dropped: this.#log.dropped,
    }));
  }

  /**
   * Makes the workspace what it was at a checkpoint. It runs within a call of its own, whose checkpoint
   * undoes it.
   *
   * @param paths only these and what is below them, relative to the root; undefined: everything
   * @throws DiscoError checkpoint_not_found
   * @throws FileError in the middle
   */
  restore(id: string, paths: readonly string[] | undefined): Promise<Restored> {
    const isWanted: IsWanted = (path) => isWithin(path, paths);
    return this.#inTurn(() => this.#locked(id, isWanted, () => this.#apply(id, isWanted)));
  }

  /**
   * Takes back what one call has changed, and nothing else. It runs within a checkpoint of its own, as
   * `restore` does.
   *
   * @param isAgreed whether it may be done as it is planned
   * @returns the plan when it was not agreed to; undefined when nothing is known of the call (any more)
   * @throws FileError in the middle
   */
  undo(
    id: string,
    isAgreed: (plan: UndoPlan) => boolean,
  ): Promise<Restored | UndoPlan | undefined> {
    return this.#inTurn(async () => {
      const left = this.#log.left(id);
      if (left === undefined) return undefined;
      const isWanted: IsWanted = (path) => left.paths.has(path);
      return this.#locked(id, isWanted, async () => {
        const plan = planUndo(this.#plan(id, isWanted).plan, left, this.#picture.entries);
        return isAgreed(plan) ? this.#apply(id, isWanted) : plan;
      });
    });
  }

  /** With the locks of all that a restore changes, and a picture that was taken since. */
  async #locked<Result>(
    id: string,
    isWanted: IsWanted,
    work: () => Promise<Result>,
  ): Promise<Result> {
    const { root } = this.#options.runtime;
    const locked = pathsOf(this.#plan(id, isWanted).plan).map((path) => `${root}/${path}`);
    return fileLocks.runAll(locked, async () => {
      await this.#look();
      return work();
    });
  }

  async #apply(id: string, isWanted: IsWanted): Promise<Restored> {
    const { files, root } = this.#options.runtime;
    const { was, plan } = this.#plan(id, isWanted);
    // Before anything more is kept: that may make this checkpoint go.
    const contents = this.#contentsOf(plan);
    const now = await this.#keepIgnored(pathsOf(plan));
    return applyRestore(files, root, planRestore(now, was, isWanted), (hash) => contents.get(hash));
  }

  #plan(id: string, isWanted: IsWanted) {
    const was = this.#log.since(id);
    if (was !== undefined) {
      return { was, plan: planRestore(this.#picture.entries, was, isWanted) };
    }
    const message = `There is no checkpoint ${JSON.stringify(id)} here now.`;
    throw new DiscoError("checkpoint_not_found", message);
  }

  /**
   * What git ignores by now and was not ignored then is kept before it is touched.
   *
   * @returns what stands where, these included
   */
  async #keepIgnored(touched: readonly string[]): Promise<Picture> {
    const now = new Map(this.#picture.entries);
    const kept = new Map<string, Entry>();
    for (const path of touched) {
      if (!isIgnored(now.get(path))) continue;
      const entry = await this.#picture.readNow(path);
      if (entry === undefined) continue;
      now.set(path, entry);
      kept.set(path, entry);
    }
    this.#log.absorb(kept);
    return now;
  }

  /** Held on to: what comes back must not be dropped to make room for what goes. */
  #contentsOf({ writeFiles }: RestorePlan): Map<string, Uint8Array<ArrayBuffer>> {
    const held = new Map<string, Uint8Array<ArrayBuffer>>();
    for (const { entry } of writeFiles) {
      const content = this.#contents.get(entry.hash);
      if (content !== undefined) held.set(entry.hash, content);
    }
    return held;
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    return this.#turns.run(TURN, async () => {
      await this.#look();
      return work();
    });
  }

  async #look(): Promise<void> {
    this.#log.absorb(await this.#picture.look());
    this.#fresh.clear();
    this.#isFull = false;
  }

  /** The oldest checkpoints go first; what does not fit even then is not kept. */
  #keep(hash: string, content: Uint8Array<ArrayBuffer>): boolean {
    this.#fresh.add(hash);
    if (this.#contents.add(hash, content)) return true;
    while (!this.#isFull) {
      this.#contents.keepOnly(this.#needed());
      if (this.#contents.add(hash, content)) return true;
      this.#isFull = !this.#log.dropOldest();
    }
    this.#fresh.delete(hash);
    return false;
  }

  #needed(): Set<string> {
    const needed = new Set([...this.#log.hashes(), ...this.#fresh]);
    for (const entry of this.#picture.entries.values()) {
      if (entry.type === "file") needed.add(entry.hash);
    }
    return needed;
  }
}

/** `c_` and random hexadecimal digits. */
export function randomCheckpointId(): string {
  return `c_${crypto.randomUUID().replaceAll("-", "").slice(0, ID_CHARS)}`;
}
