import type { CpOptions, FsStat, IFileSystem, MkdirOptions, RmOptions } from "just-bash/browser";
import { FileError } from "../../../runtime.ts";
import { joinPath, resolvePath } from "../../kernel/path.ts";
import type { FileStatus, System } from "../../kernel/system-calls.ts";
import { descriptorOfPath, open } from "../redirect/redirect.ts";
import { errnoOf } from "../redirect/error-words.ts";
import type { Shell } from "../state/shell.ts";
import { toByteString, toBytes } from "./bytes.ts";

type ByteString = Awaited<ReturnType<NonNullable<IFileSystem["readFileBytes"]>>>;
type Content = Parameters<IFileSystem["writeFile"]>[1];
type WriteOptions = Parameters<IFileSystem["writeFile"]>[2];

/** The kernel's files, and the descriptors of the shell below /dev, in the shape that just-bash asks for. */
export class KernelFiles implements IFileSystem {
  /** The shell that runs a command now. */
  shell: Shell | null = null;
  readonly #system: System;

  constructor(system: System) {
    this.#system = system;
  }

  async readFile(path: string): Promise<string> {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode((await this.#read(path)).slice());
  }

  async readFileBytes(path: string): Promise<ByteString> {
    // The brand exists in just-bash's types only; its value is a plain string.
    return toByteString(await this.#read(path)) as unknown as ByteString;
  }

  readFileBuffer(path: string): Promise<Uint8Array> {
    return this.#read(path);
  }

  writeFile(path: string, content: Content, options?: WriteOptions): Promise<void> {
    return this.#write(path, toBytes(content, encodingOf(options)), false);
  }

  appendFile(path: string, content: Content, options?: WriteOptions): Promise<void> {
    return this.#write(path, toBytes(content, encodingOf(options)), true);
  }

  async exists(path: string): Promise<boolean> {
    return (
      this.#own(path) !== null ||
      this.stat(path).then(
        () => true,
        () => false,
      )
    );
  }

  async stat(path: string): Promise<FsStat> {
    if (this.#own(path) !== null) return pipeStat();
    return shellStat(await this.#system.call("stat", path));
  }

  async lstat(path: string): Promise<FsStat> {
    if (this.#own(path) !== null) return pipeStat();
    return shellStat(await this.#system.call("lstat", path));
  }

  async mkdir(path: string, options?: MkdirOptions): Promise<void> {
    await this.#system.call("mkdir", path, { recursive: options?.recursive === true });
  }

  async readdir(path: string): Promise<string[]> {
    return (await this.#system.call("readdir", path)).map(({ name }) => name);
  }

  async readdirWithFileTypes(
    path: string,
  ): ReturnType<NonNullable<IFileSystem["readdirWithFileTypes"]>> {
    return (await this.#system.call("readdir", path)).map(({ name, type }) =>
      Object.assign(typeFlags(type), { name }),
    );
  }

  async rm(path: string, options?: RmOptions): Promise<void> {
    try {
      if (options?.recursive === true) return await this.#system.call("removeTree", path);
      const { type } = await this.#system.call("lstat", path);
      await this.#system.call(type === "directory" ? "rmdir" : "unlink", path);
    } catch (error) {
      if (errnoOf(error) !== "ENOENT" || options?.force !== true) throw error;
    }
  }

  async cp(from: string, to: string, options?: CpOptions): Promise<void> {
    const stat = await this.#system.call("stat", from);
    if (stat.type !== "directory") {
      await this.#system.call("writeFile", to, await this.#read(from));
      await this.#system.call("chmod", to, stat.mode);
      return;
    }
    if (options?.recursive !== true) {
      throw new FileError("EISDIR", from, `EISDIR: illegal operation on a directory, cp '${from}'`);
    }
    const entries = await this.#system.call("readdir", from);
    await this.#system.call("mkdir", to, { recursive: true });
    for (const { name, type } of entries) {
      const [source, target] = [joinPath(from, name), joinPath(to, name)];
      if (type === "symlink") await this.symlink(await this.readlink(source), target);
      else await this.cp(source, target, options);
    }
  }

  mv(from: string, to: string): Promise<void> {
    return this.#system.call("rename", from, to);
  }

  resolvePath(base: string, path: string): string {
    return resolvePath(base, path);
  }

  /** None: just-bash then globs by reading directories. */
  getAllPaths(): string[] {
    return [];
  }

  chmod(path: string, mode: number): Promise<void> {
    return this.#system.call("chmod", path, mode);
  }

  symlink(target: string, path: string): Promise<void> {
    return this.#system.call("symlink", target, path);
  }

  link(existing: string, path: string): Promise<void> {
    return this.#system.call("link", existing, path);
  }

  readlink(path: string): Promise<string> {
    return this.#system.call("readlink", path);
  }

  realpath(path: string): Promise<string> {
    return this.#system.call("realpath", path);
  }

  utimes(path: string, accessed: Date, modified: Date): Promise<void> {
    return this.#system.call("utimes", path, accessed.getTime(), modified.getTime());
  }

  async #read(path: string): Promise<Uint8Array> {
    if (this.#own(path) !== null && this.shell !== null)
      return open(this.shell, path, "<").readAll();
    return this.#system.call("readFile", path);
  }

  async #write(path: string, bytes: Uint8Array, append: boolean): Promise<void> {
    if (path === "/dev/null") return;
    if (this.#own(path) !== null && this.shell !== null)
      return open(this.shell, path, ">").file.write(bytes);
    await this.#system.call("writeFile", path, bytes, { append });
  }

  /** Descriptor of the shell that a path names; null for others. */
  #own(path: string): number | null {
    return descriptorOfPath(path);
  }
}

function encodingOf(options: WriteOptions): string | undefined {
  return typeof options === "string" ? options : options?.encoding;
}

function shellStat({ type, size, mode, mtimeMs, ino }: FileStatus): FsStat {
  return { ...typeFlags(type), mode, size, mtime: new Date(mtimeMs), dev: 1, ino };
}

function pipeStat(): FsStat {
  return { ...typeFlags("file"), mode: 0o600, size: 0, mtime: new Date() };
}

function typeFlags(type: FileStatus["type"]): {
  isFile: boolean;
  isDirectory: boolean;
  isSymbolicLink: boolean;
} {
  return {
    // Devices and pipes are read like files.
    isFile: type !== "directory" && type !== "symlink",
    isDirectory: type === "directory",
    isSymbolicLink: type === "symlink",
  };
}
