import type { FileStatus, System } from "../../kernel/system-calls.ts";
import { type Bytes, decode, encode } from "../objects/bytes.ts";
import { parentOf } from "../../../../parent-of.ts";

type EntryType = "file" | "directory" | "symlink";

/** The files of the container, by calls that block this process. Paths are absolute. */
export class Disk {
  readonly #system: Pick<System, "callSync">;

  constructor(system: Pick<System, "callSync">) {
    this.#system = system;
  }

  /** @returns undefined when there is no such file */
  read(path: string): Bytes | undefined {
    // A copy, because shared memory cannot be decoded, hashed or compressed.
    return orUndefined(() => new Uint8Array(this.#system.callSync("readFile", path)));
  }

  readText(path: string): string | undefined {
    const bytes = this.read(path);
    return bytes === undefined ? undefined : decode(bytes);
  }

  /** Makes the directories above as well. */
  write(path: string, content: string | Bytes, mode = 0o644): void {
    const bytes = typeof content === "string" ? encode(content) : content;
    try {
      this.#system.callSync("writeFile", path, bytes, { mode });
    } catch (error) {
      if (!isMissing(error)) throw error;
      this.makeDirectory(parentOf(path));
      this.#system.callSync("writeFile", path, bytes, { mode });
    }
  }

  append(path: string, text: string): void {
    this.makeDirectory(parentOf(path));
    this.#system.callSync("writeFile", path, encode(text), { append: true });
  }

  /** Nobody ever sees a half of it. */
  replace(path: string, content: string | Bytes): void {
    this.write(`${path}.lock`, content);
    this.#system.callSync("rename", `${path}.lock`, path);
  }

  makeDirectory(path: string): void {
    this.#system.callSync("mkdir", path, { recursive: true });
  }

  /** Of the path itself, not of what a link leads to. */
  status(path: string): FileStatus | undefined {
    return orUndefined(() => this.#system.callSync("lstat", path));
  }

  isDirectory(path: string): boolean {
    return orUndefined(() => this.#system.callSync("stat", path))?.type === "directory";
  }

  /** Empty when there is no such directory. */
  list(path: string): readonly { readonly name: string; readonly type: EntryType }[] {
    return orUndefined(() => this.#system.callSync("readdir", path)) ?? [];
  }

  readLink(path: string): string {
    return this.#system.callSync("readlink", path);
  }

  link(target: string, path: string): void {
    this.makeDirectory(parentOf(path));
    this.#system.callSync("symlink", target, path);
  }

  chmod(path: string, mode: number): void {
    this.#system.callSync("chmod", path, mode);
  }

  rename(from: string, to: string): void {
    this.makeDirectory(parentOf(to));
    this.#system.callSync("rename", from, to);
  }

  /** Removes whatever is there; nothing is fine too. */
  remove(path: string): void {
    const type = this.status(path)?.type;
    if (type === "directory") this.#system.callSync("removeTree", path);
    else if (type !== undefined) this.#system.callSync("unlink", path);
  }

  /** Removes a directory when nothing is in it. */
  removeIfEmpty(path: string): boolean {
    if (this.list(path).length > 0) return false;
    return orUndefined(() => (this.#system.callSync("rmdir", path), true)) ?? false;
  }

  realPath(path: string): string | undefined {
    return orUndefined(() => this.#system.callSync("realpath", path));
  }
}

function orUndefined<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === "ENOENT" || code === "ENOTDIR" || code === "ENOTEMPTY";
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
