import { Handle } from "../../redirect/descriptors.ts";
import { errnoWords } from "../../redirect/error-words.ts";
import { KernelFile } from "../../redirect/open-file.ts";
import { open } from "../../redirect/redirect.ts";
import { type Command, type CommandCall, complain } from "../command.ts";
import { Output } from "../text/lines.ts";
import { PatternError } from "../text/posix-pattern.ts";
import { baseName, inside, type NamedPath, named, statusOf } from "../text/walk.ts";
import { grepJob, type GrepJob } from "./options.ts";
import { Search } from "./search.ts";

/** Exit code when something went wrong (grep(1), EXIT STATUS). */
const TROUBLE = 2;

/** Bytes at the start of a file in which a zero byte makes it binary. */
const BINARY_PROBE_BYTES = 32_768;

/** `grep`: passes on what it finds as it comes, and reads no more than it needs. */
export const grep: Command = async (call) => {
  try {
    const job = await grepJob(call.shell, call.name, call.args);
    if (typeof job === "string") return await complain({ ...call, name: "grep" }, job, TROUBLE);
    return await new Grep(call, job).run();
  } catch (error) {
    if (error instanceof PatternError)
      return complain({ ...call, name: "grep" }, error.message, TROUBLE);
    throw error;
  }
};

class Grep {
  readonly #call: CommandCall;
  readonly #job: GrepJob;
  readonly #output: Output;
  #hasMatched = false;
  #hasFailed = false;
  #showsNames: boolean;

  constructor(call: CommandCall, job: GrepJob) {
    this.#call = { ...call, name: "grep" };
    this.#job = job;
    this.#output = new Output(call.shell);
    this.#showsNames =
      job.names === "always" || (job.names === "auto" && (job.files.length > 1 || job.isRecursive));
  }

  async run(): Promise<number> {
    const { files, isRecursive, shows } = this.#job;
    const { shell } = this.#call;
    if (files.length === 0 && isRecursive) await this.#directory({ shown: "", path: shell.cwd });
    else if (files.length === 0) await this.#input("-");
    for (const file of files) {
      if (file === "-") await this.#input(file);
      else await this.#operand(named(shell, file));
      if (shows === "nothing" && this.#hasMatched) break;
    }
    await this.#output.flush();
    if (this.#hasFailed && !(shows === "nothing" && this.#hasMatched)) return TROUBLE;
    return this.#hasMatched ? 0 : 1;
  }

  async #operand(file: NamedPath): Promise<void> {
    const { isRecursive, skipsDirectories, includes } = this.#job;
    const status = statusOf(this.#call.shell, file.path);
    if (status?.type === "directory") {
      if (isRecursive) return this.#directory(file);
      return skipsDirectories ? undefined : this.#fail(`${file.shown}: Is a directory`);
    }
    if (!isRecursive && !includes(baseName(file.shown))) return;
    await this.#file(file);
  }

  async #directory(directory: NamedPath): Promise<void> {
    const { shell } = this.#call;
    const entries = await shell.process.system.call("readdir", directory.path);
    for (const { name, type } of entries) {
      const entry = directory.shown === "" ? named(shell, name) : inside(directory, name);
      if (type === "directory" && this.#job.entersDirectory(name)) await this.#directory(entry);
      else if (type === "file" && this.#job.includes(name)) await this.#file(entry);
      if (this.#job.shows === "nothing" && this.#hasMatched) return;
    }
  }

  async #input(shown: string): Promise<void> {
    const handle = this.#call.shell.descriptors.get(0);
    if (handle !== undefined)
      await this.#search(handle, shown === "-" ? "(standard input)" : shown);
  }

  async #file(file: NamedPath): Promise<void> {
    const { shell } = this.#call;
    let handle: Handle;
    try {
      handle = file.path.startsWith("/dev/")
        ? open(shell, file.path, "<")
        : new Handle(
            new KernelFile(
              shell.process.system,
              shell.process.system.callSync("open", file.path, 0),
            ),
          );
    } catch (error) {
      return this.#fail(`${file.shown}: ${errnoWords(error)}`);
    }
    handle.hold();
    try {
      await this.#search(handle, file.shown);
    } finally {
      handle.release();
    }
  }

  async #search(handle: Handle, shown: string): Promise<void> {
    const job = this.#job;
    const { shell } = this.#call;
    const isBinary = !job.isText && (await isBinaryInput(handle));
    const hides = isBinary && ["lines", "parts"].includes(job.shows);
    const search = new Search(
      hides ? { ...job, shows: "nothing" } : job,
      this.#output,
      this.#showsNames ? shown : "",
    );
    const count = await search.run(shell, handle);
    const isListed = job.shows === "without" ? count === 0 : count > 0;
    if (isListed) this.#hasMatched = true;
    if (hides && count > 0) await this.#output.add(`Binary file ${shown} matches\n`);
    if (job.shows === "counts") {
      const name = this.#showsNames ? shown + job.nameEnd : "";
      await this.#output.add(`${name}${count}\n`);
    }
    if ((job.shows === "with" || job.shows === "without") && isListed) {
      await this.#output.add(shown + (job.nameEnd === "\0" ? "\0" : "\n"));
    }
  }

  async #fail(message: string): Promise<void> {
    this.#hasFailed = true;
    if (this.#job.isSilent) return;
    await this.#output.flush();
    await complain(this.#call, message);
  }
}

async function isBinaryInput(handle: Handle): Promise<boolean> {
  const start = await handle.read(BINARY_PROBE_BYTES);
  handle.putBack(start);
  return start.includes(0);
}
