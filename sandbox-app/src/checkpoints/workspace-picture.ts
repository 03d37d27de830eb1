import { FILE_MAX_BYTES } from "#protocol/limits.ts";
import { decodeText, sha256 } from "../dispatch/bytes.ts";
import { FileError, type Files, type ScannedEntry } from "../runtime/runtime.ts";
import { skippedDirectories } from "../search/own-rules.ts";
import { IgnoreBook } from "./ignore-book.ts";
import { READS_MAX } from "./limits.ts";
import { type Difference, difference, type Entry, isIgnored, type Unkept } from "./picture.ts";
import { parentOf } from "../parent-of.ts";

interface Known {
  readonly stamp: string;
  readonly entry: Entry;
}

/** Where the contents go. */
export interface Shelf {
  hasRoom(bytes: number): boolean;
  /** Makes room first where it can; false when there is none. */
  keep(hash: string, content: Uint8Array<ArrayBuffer>): boolean;
}

/** What the workspace was when it was looked at last. Only what has changed since is read again. */
export class WorkspacePicture {
  readonly #files: Files;
  readonly #root: string;
  readonly #shelf: Shelf;
  #known: ReadonlyMap<string, Known> = new Map();
  #entries: ReadonlyMap<string, Entry> = new Map();
  #ignored = IgnoreBook.none;
  #version: string | undefined;

  constructor(files: Files, root: string, shelf: Shelf) {
    this.#files = files;
    this.#root = root;
    this.#shelf = shelf;
  }

  get entries(): ReadonlyMap<string, Entry> {
    return this.#entries;
  }

  /** @returns what was otherwise before; nothing at the first look */
  async look(): Promise<Difference> {
    const isFirst = this.#version === undefined;
    const since = this.#version;
    const options = { skip: [...skippedDirectories], ...(since !== undefined && { since }) };
    const { version, entries: scanned } = await this.#files.scan(this.#root, options);
    if (scanned === null) return new Map();
    const ignored = await IgnoreBook.read(scanned, this.#ignored, (path) => this.#text(path));
    const known = await this.#learn(scanned, ignored);
    const before = this.#entries;
    this.#version = version;
    this.#ignored = ignored;
    this.#known = known;
    this.#entries = new Map([...known].map(([path, { entry }]) => [path, entry]));
    return isFirst ? new Map() : difference(before, this.#entries);
  }

  /** Reads one path now, ignored or not. */
  async readNow(path: string): Promise<Entry | undefined> {
    const { type, size, mode } = await this.#files.stat(this.#absolute(path));
    return type === "directory"
      ? { type, mode }
      : this.#readFile({ path, type, size, mode, stamp: "" });
  }

  async #learn(scanned: readonly ScannedEntry[], ignored: IgnoreBook): Promise<Map<string, Known>> {
    const known = new Map<string, Known>();
    const unread: ScannedEntry[] = [];
    for (const one of scanned) {
      const { path, type, size, stamp, mode } = one;
      const before = this.#stillKnown(one);
      const leave = (why: Unkept): void => {
        const told = why === "ignored" ? "" : stamp;
        known.set(path, { stamp, entry: { type: "unkept", why, is: type, stamp: told } });
      };
      if (before !== undefined && ignored === this.#ignored) known.set(path, before);
      else if (isIgnored(known.get(parentOf(path))?.entry) || ignored.ignores(path, type)) {
        leave("ignored");
      } else if (before !== undefined && !isIgnored(before.entry)) known.set(path, before);
      else if (type === "directory") known.set(path, { stamp, entry: { type, mode } });
      else if (type === "symlink") leave("symlink");
      else if (size > FILE_MAX_BYTES) leave("too_large");
      else unread.push(one);
    }
    await this.#readAll(unread, known);
    return known;
  }

  /** What is known of it; undefined when it has changed, or may be kept by now. */
  #stillKnown({ path, stamp, size }: ScannedEntry): Known | undefined {
    const known = this.#known.get(path);
    if (known?.stamp !== stamp) return undefined;
    const { entry } = known;
    if (entry.type !== "unkept") return known;
    // The mode of a directory above decides as well.
    const maybeKept =
      entry.why === "no_room" ? this.#shelf.hasRoom(size) : entry.why === "unreadable";
    return maybeKept ? undefined : known;
  }

  async #readAll(unread: readonly ScannedEntry[], known: Map<string, Known>): Promise<void> {
    for (let at = 0; at < unread.length; at += READS_MAX) {
      const read = unread.slice(at, at + READS_MAX).map(async (one) => {
        const entry = await this.#readFile(one);
        if (entry !== undefined) known.set(one.path, { stamp: one.stamp, entry });
      });
      await Promise.all(read);
    }
  }

  /** @returns undefined when it is gone by now */
  async #readFile({ path, mode, stamp }: ScannedEntry): Promise<Entry | undefined> {
    const unkept = (why: Unkept): Entry => ({ type: "unkept", why, is: "file", stamp });
    try {
      const content = await this.#files.read(this.#absolute(path));
      if (content.length > FILE_MAX_BYTES) return unkept("too_large");
      const hash = await sha256(content);
      if (!this.#shelf.keep(hash, content)) return unkept("no_room");
      return { type: "file", hash, size: content.length, mode };
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      return error.code === "ENOENT" ? undefined : unkept("unreadable");
    }
  }

  async #text(path: string): Promise<string | undefined> {
    try {
      return decodeText(await this.#files.read(this.#absolute(path)));
    } catch (error) {
      if (error instanceof FileError) return undefined;
      throw error;
    }
  }

  #absolute(path: string): string {
    return `${this.#root}/${path}`;
  }
}
