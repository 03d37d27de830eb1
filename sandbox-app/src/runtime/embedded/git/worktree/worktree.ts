import type { FileStatus } from "../../kernel/system-calls.ts";
import type { IndexEntry, Stamp } from "../index/index-file.ts";
import { type Bytes, encode } from "../objects/bytes.ts";
import { ObjectStore } from "../objects/object-store.ts";
import { Mode } from "../objects/tree.ts";
import type { Repository } from "../repository/repository.ts";
import { checkPath } from "./safe-path.ts";
import { parentOf } from "../../../../parent-of.ts";

export interface WorkFile {
  readonly mode: number;
  readonly oid: string;
  readonly content: Bytes;
}

const ANY_EXECUTE = 0o100;
const INO_MASK = 0xffffffff;
/** A stamp is kept in nanoseconds, which a number holds only about. */
const TIME_SLACK_MS = 0.01;

/** The files on disk of one repository. */
export class Worktree {
  readonly #repository: Repository;
  /** Directories that are known to be no links. */
  readonly #plain = new Map<string, boolean>([["", true]]);

  constructor(repository: Repository) {
    this.#repository = repository;
  }

  /** Null when nothing, or a directory, is there, or when it lies behind a link. */
  status(path: string): FileStatus | null {
    if (!this.#isPlain(parentOf(path))) return null;
    const status = this.#repository.disk.status(this.absolute(path));
    return status?.type === "file" || status?.type === "symlink" ? status : null;
  }

  absolute(path: string): string {
    return `${this.#repository.top}/${path}`;
  }

  /** @param before mode in the index, which counts where modes are not to be looked at */
  modeOf(status: FileStatus, before?: number): number {
    if (status.type === "symlink") return Mode.symlink;
    if (!this.#repository.config.isOn("core.filemode", true))
      return before === Mode.executable ? Mode.executable : Mode.file;
    return (status.mode & ANY_EXECUTE) === 0 ? Mode.file : Mode.executable;
  }

  content(path: string, status: FileStatus): Bytes {
    const { disk } = this.#repository;
    if (status.type === "symlink") return encode(disk.readLink(this.absolute(path)));
    return disk.read(this.absolute(path)) ?? new Uint8Array(0);
  }

  read(path: string, before?: number): WorkFile | null {
    const status = this.status(path);
    if (status === null) return null;
    const content = this.content(path, status);
    const oid = ObjectStore.nameOf("blob", content);
    return { mode: this.modeOf(status, before), oid, content };
  }

  /**
   * The file of an entry as it is now; the entry itself when it has not changed. An entry whose stamp
   * is old gets a new one, so that the file need not be read again.
   */
  current(entry: IndexEntry): { readonly mode: number; readonly oid: string } | null {
    if (entry.mode === Mode.submodule) return entry;
    const status = this.status(entry.path);
    if (status === null) return null;
    const mode = this.modeOf(status, entry.mode);
    const { index } = this.#repository;
    const stamp = stampOf(status);
    const isKnown = sameStamp(stamp, entry.stamp) && stamp.mtimeMs < index.writtenMs;
    if (isKnown && mode === entry.mode && !entry.isIntent) return entry;
    const oid = ObjectStore.nameOf("blob", this.content(entry.path, status));
    if (oid === entry.oid && mode === entry.mode && !sameStamp(stamp, entry.stamp))
      index.stamp(entry, stamp);
    return { mode, oid };
  }

  isChanged(entry: IndexEntry): boolean {
    const now = this.current(entry);
    return now === null || now.oid !== entry.oid || now.mode !== entry.mode;
  }

  /** Puts a file into the object store and the index. */
  stage(path: string): void {
    const status = this.status(path);
    const { index, objects } = this.#repository;
    if (status === null) return index.remove(path);
    const oid = objects.write("blob", this.content(path, status));
    const before = index.stages(path)[0]?.mode;
    return index.set(path, this.modeOf(status, before), oid, stampOf(status));
  }

  /** Writes a file out of the object store; what was in its place is gone. */
  async write(path: string, mode: number, oid: string): Promise<void> {
    checkPath(path);
    if (mode === Mode.submodule) return this.#repository.disk.makeDirectory(this.absolute(path));
    return this.writeContent(path, mode, await this.#repository.objects.readAs(oid, "blob"));
  }

  writeContent(path: string, mode: number, content: Bytes): void {
    checkPath(path);
    const { disk } = this.#repository;
    const absolute = this.absolute(path);
    this.#clearWay(path);
    disk.remove(absolute);
    if (mode === Mode.symlink) return disk.link(new TextDecoder().decode(content), absolute);
    const permissions = mode === Mode.executable ? 0o755 : 0o644;
    disk.write(absolute, content, permissions);
    return disk.chmod(absolute, permissions);
  }

  /** Removes a file, and the directories that become empty. */
  remove(path: string): void {
    checkPath(path);
    const { disk, prefix } = this.#repository;
    if (this.status(path) === null) return;
    disk.remove(this.absolute(path));
    for (let above = parentOf(path); above !== "" && !prefix.startsWith(`${above}/`);) {
      if (!disk.removeIfEmpty(this.absolute(above))) break;
      above = parentOf(above);
    }
  }

  stamp(path: string): Stamp | undefined {
    const status = this.status(path);
    return status === null ? undefined : stampOf(status);
  }

  /** A file or a link in the place of a directory above. */
  #clearWay(path: string): void {
    const { disk } = this.#repository;
    for (let end = path.indexOf("/"); end !== -1; end = path.indexOf("/", end + 1)) {
      const above = path.slice(0, end);
      const type = disk.status(this.absolute(above))?.type;
      if (type === undefined) break;
      if (type !== "directory") disk.remove(this.absolute(above));
    }
    this.#plain.clear();
    this.#plain.set("", true);
  }

  #isPlain(directory: string): boolean {
    const known = this.#plain.get(directory);
    if (known !== undefined) return known;
    const isPlain =
      this.#isPlain(parentOf(directory)) &&
      this.#repository.disk.status(this.absolute(directory))?.type === "directory";
    this.#plain.set(directory, isPlain);
    return isPlain;
  }
}

function stampOf({ ctimeMs, mtimeMs, ino, size }: FileStatus): Stamp {
  return { ctimeMs, mtimeMs, ino: (ino & INO_MASK) >>> 0, size };
}

function sameStamp(one: Stamp, other: Stamp): boolean {
  return (
    one.size === other.size &&
    one.ino === other.ino &&
    Math.abs(one.mtimeMs - other.mtimeMs) < TIME_SLACK_MS &&
    Math.abs(one.ctimeMs - other.ctimeMs) < TIME_SLACK_MS
  );
}
