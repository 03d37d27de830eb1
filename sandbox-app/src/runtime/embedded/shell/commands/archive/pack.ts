import type { FileStatus } from "../../../kernel/system-calls.ts";
import { type CommandCall, complain } from "../command.ts";
import type { GnuOptions } from "../gnu-options.ts";
import { USER_NAMES } from "../text/modes.ts";
import { inside, type NamedPath, named, statusOf } from "../text/walk.ts";
import { entryBlocks, type TarEntry } from "./tar-format.ts";

/** Exit code when a file could not be read (tar(1)). */
const FATAL = 2;

/** Collects files into the blocks of an archive. */
export class Packer {
  readonly chunks: Uint8Array[] = [];
  status = 0;
  readonly #call: CommandCall;
  readonly #given: GnuOptions["given"];
  readonly #excluded: (name: string) => boolean;
  readonly #archive: string;
  /** Names of files that have several, by their inode. */
  readonly #linked = new Map<number, string>();
  #hasWarned = false;

  constructor(
    call: CommandCall,
    given: GnuOptions["given"],
    excluded: (name: string) => boolean,
    archive: string,
  ) {
    this.#call = call;
    this.#given = given;
    this.#excluded = excluded;
    this.#archive = archive;
  }

  async add(operand: string, directory: string): Promise<void> {
    const path = operand.startsWith("/") ? operand : `${directory}/${operand}`;
    const place = named(this.#call.shell, path);
    const leading = this.#given.has("P")
      ? ""
      : (/^(?:.*\.\.(?:\/|$)|\/+)/.exec(operand)?.[0] ?? "");
    if (leading !== "" && !this.#hasWarned) {
      this.#hasWarned = true;
      await complain(this.#call, `Removing leading \`${leading}' from member names`);
    }
    const shown = operand.slice(leading.length).replace(/(?<=.)\/+$/, "");
    await this.#entry({ shown: shown === "" ? "./" : shown, path: place.path });
  }

  async #entry(place: NamedPath): Promise<void> {
    const { shell } = this.#call;
    if (this.#excluded(place.shown) || place.path === this.#archive) return;
    const status = statusOf(shell, place.path, this.#given.has("h"));
    if (status === null) {
      await complain(this.#call, `${place.shown}: Cannot stat: No such file or directory`);
      this.status = FATAL;
      return;
    }
    await shell.process.pace(shell.signal);
    const { system } = shell.process;
    const isDirectory = status.type === "directory";
    const name = isDirectory && !place.shown.endsWith("/") ? `${place.shown}/` : place.shown;
    this.chunks.push(...entryBlocks(await this.#made(place.path, name, status)));
    await this.#tell(name);
    if (!isDirectory) return;
    for (const entry of await system.call("readdir", place.path))
      await this.#entry(inside(place, entry.name));
  }

  async #made(path: string, name: string, status: FileStatus): Promise<TarEntry> {
    const { system } = this.#call.shell.process;
    const first =
      status.nlink > 1 && status.type === "file" ? this.#linked.get(status.ino) : undefined;
    const type = first === undefined ? typeOf(status) : "hard link";
    if (type === "file") this.#linked.set(status.ino, name);
    return {
      name,
      type,
      mode: status.mode,
      mtimeMs: status.mtimeMs,
      link: first ?? (type === "symlink" ? await system.call("readlink", path) : ""),
      owner: USER_NAMES[status.uid] ?? String(status.uid),
      content: type === "file" ? await system.call("readFile", path) : new Uint8Array(),
    };
  }

  async #tell(name: string): Promise<void> {
    if (!this.#given.has("v")) return;
    const isStream = (this.#given.get("f") ?? "-") === "-";
    if (isStream) await this.#call.shell.complain(`${name}\n`);
    else await this.#call.shell.print(`${name}\n`);
  }
}

function typeOf({ type }: FileStatus): TarEntry["type"] {
  return type === "symlink" || type === "directory" ? type : "file";
}
