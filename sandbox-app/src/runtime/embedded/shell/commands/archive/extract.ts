import { errnoOf, errnoWords } from "../../redirect/error-words.ts";
import { type CommandCall, complain } from "../command.ts";
import type { GnuOptions } from "../gnu-options.ts";
import { named, statusOf } from "../text/walk.ts";
import type { TarEntry } from "./tar-format.ts";

const FAILED = 2;

/** Puts entries into the file system, and nothing outside of the directory (GNU tar, "Security"). */
export async function extract(
  call: CommandCall,
  entries: readonly TarEntry[],
  given: GnuOptions["given"],
): Promise<number> {
  const extraction = new Extraction(call, given);
  for (const entry of entries) await extraction.put(entry);
  await extraction.finish();
  return extraction.status;
}

class Extraction {
  status = 0;
  readonly #call: CommandCall;
  readonly #given: GnuOptions["given"];
  readonly #root: string;
  readonly #strip: number;
  /** Links that lead out, made last: nothing can be written through them. */
  readonly #leading: (() => Promise<void>)[] = [];
  /** Directories get their times when nothing more is put into them. */
  readonly #directories: { path: string; entry: TarEntry }[] = [];
  #hasWarned = false;

  constructor(call: CommandCall, given: GnuOptions["given"]) {
    this.#call = call;
    this.#given = given;
    this.#root = named(call.shell, given.get("C") ?? ".").path;
    this.#strip = Number(given.get("strip-components") ?? 0);
  }

  async put(entry: TarEntry): Promise<void> {
    const name = await this.#safeName(entry.name);
    if (name === null) return;
    if (this.#given.has("O")) {
      await this.#call.shell.write(1, entry.content);
      return;
    }
    if (this.#given.has("v")) await this.#call.shell.print(`${entry.name}\n`);
    if (name === "") return;
    const path = `${this.#root === "/" ? "" : this.#root}/${name}`;
    try {
      await this.#make(entry, path);
    } catch (error) {
      if (errnoOf(error) === "") throw error;
      await this.#fail(`${entry.name}: Cannot open: ${errnoWords(error)}`);
    }
  }

  async finish(): Promise<void> {
    for (const make of this.#leading) await make();
    const { system } = this.#call.shell.process;
    for (const { path, entry } of this.#directories.toReversed()) {
      if (statusOf(this.#call.shell, path, false)?.type !== "directory") continue;
      await system.call("chmod", path, entry.mode & ~this.#call.shell.process.umask);
      if (!this.#given.has("m")) await system.call("utimes", path, entry.mtimeMs, entry.mtimeMs);
    }
  }

  /** Null when the name leads out of the directory. */
  async #safeName(name: string): Promise<string | null> {
    if (name.startsWith("/") && !this.#hasWarned) {
      this.#hasWarned = true;
      await complain(this.#call, "Removing leading `/' from member names");
    }
    const parts = name.split("/").filter((part) => part !== "" && part !== ".");
    if (parts.includes("..")) {
      await this.#fail(`${name}: Member name contains '..'`);
      return null;
    }
    if (this.#strip > 0 && parts.length <= this.#strip) return null;
    return parts.slice(this.#strip).join("/");
  }

  async #make(entry: TarEntry, path: string): Promise<void> {
    const { shell } = this.#call;
    const { system } = shell.process;
    await shell.process.pace(shell.signal);
    await system.call("mkdir", path.slice(0, path.lastIndexOf("/")) || "/", { recursive: true });
    const there = statusOf(shell, path, false);
    if (entry.type === "directory") {
      if (there === null) await system.call("mkdir", path);
      this.#directories.push({ path, entry });
      return;
    }
    if (there !== null && (this.#given.has("k") || this.#given.has("skip-old-files"))) {
      if (this.#given.has("k")) await this.#fail(`${entry.name}: Cannot open: File exists`);
      return;
    }
    if (there !== null && there.type !== "directory") await system.call("unlink", path);
    if (entry.type === "symlink") return this.#link(entry, path);
    if (entry.type === "hard link") {
      const target = await this.#safeName(entry.link);
      if (target !== null) await system.call("link", `${this.#root}/${target}`, path);
      return;
    }
    await system.call("writeFile", path, entry.content.slice());
    const mode = this.#given.has("p") ? entry.mode : entry.mode & ~shell.process.umask;
    await system.call("chmod", path, mode);
    if (!this.#given.has("m")) await system.call("utimes", path, entry.mtimeMs, entry.mtimeMs);
  }

  async #link({ link }: TarEntry, path: string): Promise<void> {
    const { system } = this.#call.shell.process;
    const make = (): Promise<void> => system.call("symlink", link, path);
    if (!link.startsWith("/") && !link.split("/").includes("..")) return make();
    // GNU's tar holds the place with an empty file.
    await system.call("writeFile", path, new Uint8Array());
    this.#leading.push(async () => {
      await system.call("unlink", path);
      await make();
    });
  }

  async #fail(message: string): Promise<void> {
    this.status = await complain(this.#call, message, FAILED);
  }
}
