import { comparePaths } from "../objects/bytes.ts";
import type { Disk } from "../repository/disk.ts";
import { formatIndex, type IndexEntry, NO_STAMP, parseIndex, type Stamp } from "./index-file.ts";

/** The staging area: what the next commit will hold. */
export class Index {
  readonly #disk: Disk;
  readonly #path: string;
  /** By path; in a conflict up to three. */
  readonly #entries: Map<string, IndexEntry[]>;
  /** When the file was written; entries stamped since cannot be trusted (racy-git). */
  readonly writtenMs: number;
  #isChanged = false;

  constructor(disk: Disk, path: string) {
    this.#disk = disk;
    this.#path = path;
    const bytes = disk.read(path);
    this.writtenMs = disk.status(path)?.mtimeMs ?? 0;
    this.#entries = new Map();
    for (const entry of bytes === undefined ? [] : parseIndex(bytes)) {
      this.#entries.set(entry.path, [...(this.#entries.get(entry.path) ?? []), entry]);
    }
  }

  /** Sorted by path, then stage. */
  get entries(): readonly IndexEntry[] {
    return this.paths.flatMap((path) => this.#entries.get(path) ?? []);
  }

  get paths(): readonly string[] {
    return [...this.#entries.keys()].toSorted(comparePaths);
  }

  /** The entry of a path without a conflict. */
  get(path: string): IndexEntry | undefined {
    const [first] = this.#entries.get(path) ?? [];
    return first?.stage === 0 ? first : undefined;
  }

  has(path: string): boolean {
    return this.#entries.has(path);
  }

  stages(path: string): readonly IndexEntry[] {
    return this.#entries.get(path) ?? [];
  }

  get unmerged(): readonly string[] {
    return this.paths.filter((path) => this.get(path) === undefined);
  }

  isDirectory(path: string): boolean {
    return this.paths.some((one) => one.startsWith(`${path}/`));
  }

  set(path: string, mode: number, oid: string, stamp: Stamp = NO_STAMP, isIntent = false): void {
    // A file takes the place of a directory, and the other way round.
    for (const other of this.#entries.keys()) {
      if (other.startsWith(`${path}/`) || path.startsWith(`${other}/`)) this.#entries.delete(other);
    }
    this.#entries.set(path, [{ path, stage: 0, mode, oid, stamp, isIntent }]);
    this.#isChanged = true;
  }

  /** Only what is known of the file on disk. */
  stamp(entry: IndexEntry, stamp: Stamp): void {
    this.#entries.set(entry.path, [{ ...entry, stamp }]);
    this.#isChanged = true;
  }

  setConflict(path: string, stages: readonly { stage: number; mode: number; oid: string }[]): void {
    const entries = stages.map((one) => ({ ...one, path, stamp: NO_STAMP, isIntent: false }));
    this.#entries.set(path, entries);
    this.#isChanged = true;
  }

  remove(path: string): void {
    if (this.#entries.delete(path)) this.#isChanged = true;
  }

  clear(): void {
    this.#entries.clear();
    this.#isChanged = true;
  }

  save(): void {
    if (!this.#isChanged) return;
    this.#disk.replace(this.#path, formatIndex(this.entries));
    this.#isChanged = false;
  }
}
