import type { FileStatus } from "../../../kernel/system-calls.ts";
import { errnoOf, errnoWords } from "../../redirect/error-words.ts";
import { type CommandCall, complain } from "../command.ts";
import { baseName, inside, type NamedPath, named, statusOf } from "../text/walk.ts";

export interface CopyOptions {
  readonly isRecursive: boolean;
  /** `-P`, `-a`, `-d`: links stay links. */
  readonly keepsLinks: boolean;
  readonly preserves: boolean;
  readonly tells: boolean;
  /** Existing files stay: `-n`; or only older ones are replaced: `-u`. */
  readonly replaces: "always" | "never" | "older";
  readonly makes: "copies" | "hard links" | "symbolic links";
  /** `-f`: what cannot be opened is removed first. */
  readonly isForced: boolean;
}

/** Where several sources go: a directory, or the one name that was given. */
export interface Targets {
  readonly sources: readonly string[];
  target(source: string): NamedPath;
}

/** Works out the operands of `cp`, `mv`, `ln` and `install`; null after a complaint. */
export async function targetsOf(
  call: CommandCall,
  operands: readonly string[],
  given: ReadonlyMap<string, string>,
): Promise<Targets | null> {
  const { shell } = call;
  const fixed = given.get("t");
  const sources = [...operands];
  const last = fixed ?? (sources.length > 1 ? sources.pop() : undefined);
  if (sources.length === 0 || last === undefined) {
    const message =
      sources[0] === undefined
        ? "missing file operand"
        : `missing destination file operand after '${sources[0]}'`;
    await complain(call, message);
    await shell.complain(`Try '${call.name} --help' for more information.\n`);
    return null;
  }
  const place = named(shell, last);
  const status = statusOf(shell, place.path);
  const isDirectory = status?.type === "directory" && !given.has("T");
  if (
    !isDirectory &&
    (sources.length > 1 || fixed !== undefined || (last.endsWith("/") && status !== null))
  ) {
    await complain(
      call,
      status === null
        ? `target '${last}': No such file or directory`
        : `target '${last}': Not a directory`,
    );
    return null;
  }
  return {
    sources,
    target: (source) => (isDirectory ? inside(place, baseName(source)) : place),
  };
}

/** Copies one operand; resolves with whether all went well. */
export class Copier {
  readonly #call: CommandCall;
  readonly #options: CopyOptions;

  constructor(call: CommandCall, options: CopyOptions) {
    this.#call = call;
    this.#options = options;
  }

  async copy(source: string, target: NamedPath): Promise<boolean> {
    const from = named(this.#call.shell, source);
    const { isRecursive, keepsLinks } = this.#options;
    const status = statusOf(this.#call.shell, from.path, !keepsLinks && !isRecursive);
    if (status === null) return this.#fail(`cannot stat '${source}': No such file or directory`);
    if (status.type === "directory" && !isRecursive)
      return this.#fail(`-r not specified; omitting directory '${source}'`);
    if (status.type === "directory" && `${target.path}/`.startsWith(`${from.path}/`)) {
      if (target.path === from.path)
        return this.#fail(`'${source}' and '${target.shown}' are the same file`);
      return this.#fail(`cannot copy a directory, '${source}', into itself, '${target.shown}'`);
    }
    return this.#one(from, target, status);
  }

  async #one(from: NamedPath, to: NamedPath, status: FileStatus): Promise<boolean> {
    const { shell } = this.#call;
    await shell.process.pace(shell.signal);
    try {
      if (status.type === "directory") return await this.#directory(from, to, status);
      return await this.#file(from, to, status);
    } catch (error) {
      if (errnoOf(error) === "") throw error;
      const isMissing = errnoOf(error) === "ENOENT";
      const verb = isMissing || status.type === "file" ? "create regular file" : "create";
      return this.#fail(`cannot ${verb} '${to.shown}': ${errnoWords(error)}`);
    }
  }

  async #directory(from: NamedPath, to: NamedPath, status: FileStatus): Promise<boolean> {
    const { system } = this.#call.shell.process;
    const there = statusOf(this.#call.shell, to.path);
    if (there !== null && there.type !== "directory")
      return this.#fail(
        `cannot overwrite non-directory '${to.shown}' with directory '${from.shown}'`,
      );
    if (there === null) {
      await system.call("mkdir", to.path, { mode: status.mode | 0o700 });
      await this.#tell(from, to);
    }
    let isWell = true;
    for (const { name } of await system.call("readdir", from.path)) {
      const entry = inside(from, name);
      const found = statusOf(this.#call.shell, entry.path, false);
      if (found !== null && !(await this.#one(entry, inside(to, name), found))) isWell = false;
    }
    await system.call("chmod", to.path, status.mode);
    if (this.#options.preserves)
      await system.call("utimes", to.path, status.atimeMs, status.mtimeMs);
    return isWell;
  }

  async #file(from: NamedPath, to: NamedPath, status: FileStatus): Promise<boolean> {
    const { shell } = this.#call;
    const { system } = shell.process;
    const { replaces, makes, preserves, isForced } = this.#options;
    const there = statusOf(shell, to.path, false);
    if (there !== null) {
      if (there.ino === status.ino)
        return this.#fail(`'${from.shown}' and '${to.shown}' are the same file`);
      if (there.type === "directory")
        return this.#fail(`cannot overwrite directory '${to.shown}' with non-directory`);
      if (replaces === "never") return true;
      if (replaces === "older" && there.mtimeMs >= status.mtimeMs) return true;
      if (there.type === "symlink" && status.type === "symlink")
        await system.call("unlink", to.path);
      else if (makes !== "copies" && !isForced)
        return this.#fail(`cannot create ${makes.slice(0, -1)} '${to.shown}': File exists`);
      else if (makes !== "copies") await system.call("unlink", to.path);
    }
    if (makes === "hard links") await system.call("link", from.path, to.path);
    else if (makes === "symbolic links") await system.call("symlink", from.shown, to.path);
    else if (status.type === "symlink")
      await system.call("symlink", await system.call("readlink", from.path), to.path);
    else {
      await system.call("writeFile", to.path, await system.call("readFile", from.path));
      if (there === null || preserves)
        await system.call("chmod", to.path, status.mode & ~(preserves ? 0 : shell.process.umask));
      if (preserves) await system.call("utimes", to.path, status.atimeMs, status.mtimeMs);
    }
    await this.#tell(from, to);
    return true;
  }

  async #tell(from: NamedPath, to: NamedPath): Promise<void> {
    if (this.#options.tells) await this.#call.shell.print(`'${from.shown}' -> '${to.shown}'\n`);
  }

  async #fail(message: string): Promise<false> {
    await complain(this.#call, message);
    return false;
  }
}
