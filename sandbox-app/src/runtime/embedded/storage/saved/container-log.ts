import { checksum } from "./checksum.ts";
import { layersToCompact } from "./compaction.ts";
import type { Disk } from "./disk.ts";
import { nextBases, noteOf, notesNeeded, type RecordNote, volumeOf } from "./journal.ts";
import { type Base, coveredSeq, filesOf, type Manifest, newestSeq } from "./manifest.ts";
import { type Change, contentBytes, type Layer } from "./node.ts";
import { pack } from "./pack.ts";
import { readSaved, type Saved } from "./read-saved.ts";

/** Content of one layer, complete. */
export interface LayerImage {
  readonly layer: Layer;
  readonly changes: readonly Change[];
}

/**
 * A container's history on a disk: numbered records, one for each flush, and for each layer a base
 * that stands for all records up to its own number. Nothing that a reader needs is ever overwritten:
 * a base is written under a name of its own, and counts when the manifest names it.
 */
export class ContainerLog {
  readonly #disk: Disk;
  readonly #fence: number;
  readonly #now: () => number;
  #manifest: Manifest;
  #notes: readonly RecordNote[];
  #seq: number;
  /** What an interrupted tab left behind goes while the container is in use already. */
  #tidying: Promise<void> = Promise.resolve();

  private constructor(disk: Disk, fence: number, now: () => number, saved: Saved) {
    this.#disk = disk;
    this.#fence = fence;
    this.#now = now;
    this.#manifest = saved.manifest;
    this.#notes = saved.notes;
    this.#seq = saved.seq;
  }

  /**
   * Claims the container and reads its last whole state.
   *
   * @throws SavedDataError when there is none; nothing on the disk is changed then
   */
  static async open(
    disk: Disk,
    now: () => number,
  ): Promise<{ readonly log: ContainerLog; readonly saved: Saved }> {
    const fence = await disk.claim();
    const saved = await readSaved(disk);
    const log = new ContainerLog(disk, fence, now, saved);
    if (saved.damage !== null) {
      const { manifest, seq } = saved;
      await disk.commit(fence, { manifest, dropAfter: seq, dropThrough: coveredSeq(manifest) });
    }
    // What cannot be removed now is found again the next time.
    log.#tidying = log.#removeStrays().catch(() => {});
    return { log, saved };
  }

  /** Adds a record. It is saved when the promise resolves, and not at all when it rejects. */
  async append(changes: readonly Change[]): Promise<void> {
    const bytes = pack(changes);
    const seq = this.#seq + 1;
    const sha256 = await checksum(bytes);
    const isFirst = this.#seq === 0 && this.#manifest.writtenAt === 0;
    const manifest = isFirst ? { ...this.#manifest, writtenAt: this.#now() } : this.#manifest;
    await this.#disk.commit(this.#fence, {
      append: { seq, sha256, at: this.#now(), bytes },
      ...(isFirst ? { manifest } : {}),
    });
    this.#manifest = manifest;
    this.#seq = seq;
    this.#notes = [...this.#notes, noteOf(seq, bytes.byteLength, changes)];
  }

  /** Layers that get new bases, should these changes be appended next. */
  dueAfter(changes: readonly Change[]): Layer[] {
    const notes = [...this.#notes, noteOf(this.#seq + 1, contentBytes(changes), changes)];
    return layersToCompact({
      files: volumeOf("files", this.#manifest, notes),
      modules: volumeOf("modules", this.#manifest, notes),
    });
  }

  /** Gives layers new bases. The images are of the moment of the last record. */
  async compact(images: readonly LayerImage[]): Promise<void> {
    await this.#tidying;
    const fresh: Partial<Record<Layer, Base>> = {};
    for (const { layer, changes } of images) fresh[layer] = await this.#writeBase(layer, changes);
    const bases = nextBases(this.#manifest, this.#seq, fresh, this.#notes);
    const written: Manifest = {
      ...this.#manifest,
      generation: this.#manifest.generation + 1,
      writtenAt: this.#now(),
      bases,
      retained: [],
    };
    const notes = notesNeeded(written, this.#notes);
    const newest = newestSeq(written);
    const retained = notes.flatMap(({ seq, bytes }): [number, number][] =>
      seq <= newest ? [[seq, bytes]] : [],
    );
    const manifest = { ...written, retained };
    const dropThrough = coveredSeq(manifest);
    await this.#disk.commit(this.#fence, { manifest, dropThrough });
    this.#manifest = manifest;
    this.#notes = notes;
    await this.#removeStrays();
  }

  /** Forgets all that was saved. */
  async clear(): Promise<void> {
    await this.#tidying;
    await this.#disk.clear(this.#fence);
  }

  /** First under a temporary name, so that a file with a base's name is always whole. */
  async #writeBase(layer: Layer, changes: readonly Change[]): Promise<Base> {
    const bytes = pack(changes);
    const sha256 = await checksum(bytes);
    const name = `${layer}-${this.#seq}-${this.#fence}.base`;
    const temporary = `${name}.tmp`;
    try {
      await this.#disk.writeFile(temporary, bytes);
      await this.#disk.moveFile(temporary, name);
    } catch (error) {
      // Half a file would only take the room that is missing.
      await this.#disk.removeFile(temporary).catch(() => {});
      throw error;
    }
    return {
      seq: this.#seq,
      file: { name, nodes: changes.length, bytes: bytes.byteLength, sha256 },
    };
  }

  /** What a crash left behind, and bases that no manifest names any more. */
  async #removeStrays(): Promise<void> {
    const needed = filesOf(this.#manifest);
    for (const name of await this.#disk.listFiles()) {
      // A kernel that was replaced must not take away what its successor has just written.
      if (!needed.has(name) && fenceOf(name) <= this.#fence) {
        await this.#disk.removeFile(name).catch(() => {});
      }
    }
  }
}

function fenceOf(name: string): number {
  return Number(/-(\d+)\.base/.exec(name)?.[1] ?? 0);
}
