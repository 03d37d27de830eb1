import type { CpOptions, FsStat, IFileSystem, MkdirOptions, RmOptions } from "just-bash/browser";
import { FileError } from "../../runtime.ts";
import type { FileCalls } from "../kernel/file-calls.ts";
import type { InodeStat } from "../kernel/inode.ts";
import { joinPath, resolvePath } from "../kernel/path.ts";
import { type ByteString, markAsBytes, toByteString, toBytes } from "./bytes.ts";

type Content = Parameters<IFileSystem["writeFile"]>[1];
type WriteOptions = Parameters<IFileSystem["writeFile"]>[2];

/** The kernel's files in the shape that just-bash asks for. */
export class KernelFiles implements IFileSystem {
  readonly #files: FileCalls;

  constructor(files: FileCalls) {
    this.#files = files;
  }

  async readFile(path: string): Promise<string> {
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(await this.#files.read(path));
  }

  async readFileBytes(path: string): Promise<ByteString> {
    return markAsBytes(toByteString(await this.#files.read(path)));
  }

  readFileBuffer(path: string): Promise<Uint8Array> {
    return this.#files.read(path);
  }

  async writeFile(path: string, content: Content, options?: WriteOptions): Promise<void> {
    await this.#files.write(path, toBytes(content, encodingOf(options)));
  }

  async appendFile(path: string, content: Content, options?: WriteOptions): Promise<void> {
    await this.#files.append(path, toBytes(content, encodingOf(options)));
  }

  async exists(path: string): Promise<boolean> {
    return this.#files.stat(path).then(
      () => true,
      () => false,
    );
  }

  async stat(path: string): Promise<FsStat> {
    return shellStat(await this.#files.stat(path));
  }

  async lstat(path: string): Promise<FsStat> {
    return shellStat(await this.#files.lstat(path));
  }

  async mkdir(path: string, options?: MkdirOptions): Promise<void> {
    await (options?.recursive === true ? this.#files.mkdirp(path) : this.#files.mkdir(path));
  }

  async readdir(path: string): Promise<string[]> {
    return (await this.#files.list(path)).map(({ name }) => name);
  }

  async readdirWithFileTypes(
    path: string,
  ): ReturnType<NonNullable<IFileSystem["readdirWithFileTypes"]>> {
    return (await this.#files.list(path)).map(({ name, type }) =>
      Object.assign(typeFlags(type), { name }),
    );
  }

  async rm(path: string, options?: RmOptions): Promise<void> {
    try {
      await this.#files.remove(path, { recursive: options?.recursive === true });
    } catch (error) {
      const isMissing = error instanceof FileError && error.code === "ENOENT";
      if (!isMissing || options?.force !== true) throw error;
    }
  }

  async cp(from: string, to: string, options?: CpOptions): Promise<void> {
    const stat = await this.#files.stat(from);
    if (stat.type !== "directory") {
      await this.#files.write(to, await this.#files.read(from));
      await this.#files.chmod(to, stat.mode);
      return;
    }
    if (options?.recursive !== true) {
      throw new FileError("EISDIR", from, `EISDIR: illegal operation on a directory, cp '${from}'`);
    }
    const entries = await this.#files.list(from);
    await this.#files.mkdirp(to);
    for (const { name, type } of entries) {
      const [source, target] = [joinPath(from, name), joinPath(to, name)];
      if (type === "symlink") await this.symlink(await this.#files.readlink(source), target);
      else await this.cp(source, target, options);
    }
  }

  async mv(from: string, to: string): Promise<void> {
    await this.#files.rename(from, to);
  }

  resolvePath(base: string, path: string): string {
    return resolvePath(base, path);
  }

  /** None: just-bash then globs by reading directories. */
  getAllPaths(): string[] {
    return [];
  }

  async chmod(path: string, mode: number): Promise<void> {
    await this.#files.chmod(path, mode);
  }

  async symlink(target: string, path: string): Promise<void> {
    await this.#files.symlink(target, path);
  }

  async link(existing: string, path: string): Promise<void> {
    await this.#files.link(existing, path);
  }

  readlink(path: string): Promise<string> {
    return this.#files.readlink(path);
  }

  realpath(path: string): Promise<string> {
    return this.#files.realpath(path);
  }

  async utimes(path: string, _accessed: Date, modified: Date): Promise<void> {
    await this.#files.utimes(path, modified.getTime());
  }
}

export function encodingOf(options: WriteOptions): string | undefined {
  return typeof options === "string" ? options : options?.encoding;
}

function shellStat({ type, size, mode, mtimeMs, ino }: InodeStat): FsStat {
  return { ...typeFlags(type), mode, size, mtime: new Date(mtimeMs), dev: 1, ino };
}

function typeFlags(type: InodeStat["type"]): {
  isFile: boolean;
  isDirectory: boolean;
  isSymbolicLink: boolean;
} {
  return {
    isFile: type === "file",
    isDirectory: type === "directory",
    isSymbolicLink: type === "symlink",
  };
}
