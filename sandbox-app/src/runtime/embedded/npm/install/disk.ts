import type { System } from "../../kernel/system-calls.ts";
import { parentOf } from "../../../../parent-of.ts";

const decoder = new TextDecoder();
const encoder = new TextEncoder();

/** The files of the container, with the few questions that npm has. Paths are absolute. */
export class Disk {
  readonly #system: Pick<System, "call">;
  /** Directories that are known to exist. */
  readonly #directories = new Set<string>(["/"]);

  constructor(system: Pick<System, "call">) {
    this.#system = system;
  }

  /** @returns undefined when there is no such file */
  async readText(path: string): Promise<string | undefined> {
    const bytes = await this.read(path);
    return bytes === undefined ? undefined : decoder.decode(bytes);
  }

  async read(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
    // A copy, because shared memory cannot be decoded, hashed or compressed.
    return orUndefined(this.#system.call("readFile", path).then((bytes) => new Uint8Array(bytes)));
  }

  /** Makes the directories above as well. */
  async write(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
    await this.makeDirectory(parentOf(path));
    const bytes = typeof content === "string" ? encoder.encode(content) : content;
    await this.#system.call("writeFile", path, bytes, { mode });
  }

  async makeDirectory(path: string): Promise<void> {
    if (this.#directories.has(path)) return;
    await this.#system.call("mkdir", path, { recursive: true });
    for (let at = path; !this.#directories.has(at); at = parentOf(at)) this.#directories.add(at);
  }

  /** Removes whatever is there. */
  async remove(path: string): Promise<void> {
    for (const known of this.#directories) {
      if (known === path || known.startsWith(`${path}/`)) this.#directories.delete(known);
    }
    const type = await this.typeOf(path);
    if (type === "directory") await this.#system.call("removeTree", path);
    else if (type !== undefined) await this.#system.call("unlink", path);
  }

  /** Puts a link in place of whatever is there. */
  async link(target: string, path: string): Promise<void> {
    await this.makeDirectory(parentOf(path));
    await this.remove(path);
    await this.#system.call("symlink", target, path);
  }

  async chmod(path: string, mode: number): Promise<void> {
    await this.#system.call("chmod", path, mode);
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#system.call("rename", from, to);
    this.#directories.clear();
    this.#directories.add("/");
  }

  /** Of the path itself, not of what a link leads to. */
  async typeOf(path: string): Promise<string | undefined> {
    return (await orUndefined(this.#system.call("lstat", path)))?.type;
  }

  async isFile(path: string): Promise<boolean> {
    return (await orUndefined(this.#system.call("stat", path)))?.type === "file";
  }

  async modeOf(path: string): Promise<number> {
    return (await this.#system.call("stat", path)).mode;
  }

  /** Empty when there is no such directory. */
  async list(path: string): Promise<{ name: string; type: string }[]> {
    const entries = await orUndefined(this.#system.call("readdir", path));
    return (entries ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  async realPath(path: string): Promise<string | undefined> {
    return orUndefined(this.#system.call("realpath", path));
  }
}

async function orUndefined<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
