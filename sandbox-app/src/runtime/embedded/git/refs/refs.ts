import { formatSignature, type Signature } from "../objects/commit.ts";
import { comparePaths } from "../objects/bytes.ts";
import { type Disk } from "../repository/disk.ts";
import { parentOf } from "../../../../parent-of.ts";

export interface Ref {
  /** Full: `refs/heads/main`. */
  readonly name: string;
  readonly oid: string;
}

export interface LogEntry {
  readonly from: string;
  readonly to: string;
  readonly who: string;
  readonly message: string;
}

/** Object name of nothing, in the logs of references. */
export const NO_OBJECT = "0".repeat(40);

/** How often a reference may point to another one (git's SYMREF_MAXDEPTH). */
const SYMBOLIC_MAX = 5;

/** Branches, tags and HEAD: files below the git directory, and `packed-refs`. */
export class Refs {
  readonly #disk: Disk;
  readonly #gitdir: string;
  readonly #who: () => Signature;

  constructor(disk: Disk, gitdir: string, who: () => Signature) {
    this.#disk = disk;
    this.#gitdir = gitdir;
    this.#who = who;
  }

  /** Object that a full name stands for; null when there is none. */
  resolve(name: string): string | null {
    let at = name;
    for (let depth = 0; depth <= SYMBOLIC_MAX; depth += 1) {
      const text = this.#text(at);
      if (text === null) return null;
      if (!text.startsWith("ref:")) return text;
      at = text.slice("ref:".length).trim();
    }
    return null;
  }

  /** What a symbolic reference points to. */
  target(name: string): string | null {
    const text = this.#text(name);
    return text?.startsWith("ref:") === true ? text.slice("ref:".length).trim() : null;
  }

  /** Branch that HEAD is on, by its short name; null when it is detached. */
  get branch(): string | null {
    return this.target("HEAD")?.replace(/^refs\/heads\//, "") ?? null;
  }

  get head(): string | null {
    return this.resolve("HEAD");
  }

  /** All below a prefix that ends in a slash, sorted by name. */
  list(prefix: string): Ref[] {
    const found = new Map(this.#packed().filter(([name]) => name.startsWith(prefix)));
    const visit = (directory: string): void => {
      for (const { name, type } of this.#disk.list(`${this.#gitdir}/${directory}`)) {
        const path = `${directory}${name}`;
        if (type === "directory") visit(`${path}/`);
        else if (!name.endsWith(".lock")) found.set(path, this.resolve(path) ?? "");
      }
    };
    visit(prefix);
    return [...found]
      .filter(([, oid]) => oid !== "")
      .map(([name, oid]) => ({ name, oid }))
      .toSorted((one, other) => comparePaths(one.name, other.name));
  }

  /** @param reason for the log; HEAD's gets it too when HEAD is on this branch */
  write(name: string, oid: string, reason: string): void {
    const from = this.resolve(name) ?? NO_OBJECT;
    const target = name === "HEAD" ? (this.target("HEAD") ?? "HEAD") : name;
    this.#disk.replace(`${this.#gitdir}/${target}`, `${oid}\n`);
    if (target !== "HEAD") this.#log(target, from, oid, reason);
    if (name === "HEAD" || this.target("HEAD") === target) this.#log("HEAD", from, oid, reason);
  }

  /** Puts HEAD on a branch. */
  attach(branch: string, reason: string | null): void {
    const from = this.head ?? NO_OBJECT;
    this.#disk.replace(`${this.#gitdir}/HEAD`, `ref: refs/heads/${branch}\n`);
    const to = this.head;
    if (reason !== null && to !== null) this.#log("HEAD", from, to, reason);
  }

  detach(oid: string, reason: string): void {
    const from = this.head ?? NO_OBJECT;
    this.#disk.replace(`${this.#gitdir}/HEAD`, `${oid}\n`);
    this.#log("HEAD", from, oid, reason);
  }

  /** All at once, as a new clone has them; without logs. */
  writePacked(refs: readonly Ref[]): void {
    if (refs.length === 0) return;
    const lines = refs
      .toSorted((one, other) => comparePaths(one.name, other.name))
      .map(({ name, oid }) => `${oid} ${name}\n`);
    const head = "# pack-refs with: sorted \n";
    this.#disk.replace(`${this.#gitdir}/packed-refs`, head + lines.join(""));
  }

  /** A reference that stands for another one. */
  link(name: string, target: string, reason: string): void {
    this.#disk.write(`${this.#gitdir}/${name}`, `ref: ${target}\n`);
    const to = this.resolve(target);
    if (to !== null) this.#log(name, NO_OBJECT, to, reason);
  }

  delete(name: string): void {
    const packed = this.#packed();
    if (packed.some(([one]) => one === name)) {
      const kept = packed.filter(([one]) => one !== name);
      const lines = kept.map(([one, oid]) => `${oid} ${one}\n`).join("");
      this.#disk.replace(`${this.#gitdir}/packed-refs`, lines);
    }
    for (const root of ["", "logs/"]) {
      this.#disk.remove(`${this.#gitdir}/${root}${name}`);
      let above = parentOf(`${root}${name}`);
      while (/\/[^/]+\//.test(above) && this.#disk.removeIfEmpty(`${this.#gitdir}/${above}`))
        above = parentOf(above);
    }
  }

  rename(from: string, to: string, reason: string): void {
    const oid = this.resolve(from) ?? NO_OBJECT;
    const log = this.#disk.readText(`${this.#gitdir}/logs/${from}`);
    const isHead = this.target("HEAD") === from;
    this.delete(from);
    this.#disk.replace(`${this.#gitdir}/${to}`, `${oid}\n`);
    if (log !== undefined) this.#disk.write(`${this.#gitdir}/logs/${to}`, log);
    this.#log(to, oid, oid, reason);
    if (!isHead) return;
    this.#disk.replace(`${this.#gitdir}/HEAD`, `ref: ${to}\n`);
    this.#log("HEAD", oid, oid, reason);
  }

  /** Oldest first. */
  log(name: string): LogEntry[] {
    const text = this.#disk.readText(`${this.#gitdir}/logs/${name}`) ?? "";
    return text.split("\n").flatMap((line) => {
      const [, from, to, who, message] = /^(\w{40}) (\w{40}) ([^\t]*)\t?(.*)$/.exec(line) ?? [];
      return from && to ? [{ from, to, who: who ?? "", message: message ?? "" }] : [];
    });
  }

  writeLog(name: string, entries: readonly LogEntry[]): void {
    const lines = entries.map((one) => `${one.from} ${one.to} ${one.who}\t${one.message}\n`);
    this.#disk.write(`${this.#gitdir}/logs/${name}`, lines.join(""));
  }

  appendLog(name: string, from: string, to: string, message: string): void {
    this.#log(name, from, to, message);
  }

  #log(name: string, from: string, to: string, reason: string): void {
    const isKept = name === "HEAD" || /^refs\/(heads|remotes|stash)/.test(name);
    if (!isKept) return;
    const line = `${from} ${to} ${formatSignature(this.#who())}\t${reason.trim().split("\n")[0]}\n`;
    this.#disk.append(`${this.#gitdir}/logs/${name}`, line);
  }

  #text(name: string): string | null {
    const path = `${this.#gitdir}/${name}`;
    const loose = this.#disk.status(path)?.type === "file" ? this.#disk.readText(path) : undefined;
    if (loose !== undefined) return loose.trim();
    return this.#packed().find(([one]) => one === name)?.[1] ?? null;
  }

  #packed(): [string, string][] {
    const text = this.#disk.readText(`${this.#gitdir}/packed-refs`) ?? "";
    return text.split("\n").flatMap((line): [string, string][] => {
      const [, oid, name] = /^(\w{40}) (\S+)$/.exec(line) ?? [];
      return oid && name ? [[name, oid]] : [];
    });
  }
}

/** Whether a name may be a reference's (git-check-ref-format(1)). */
export function isRefName(name: string): boolean {
  if (name === "" || name === "@" || name.startsWith("-")) return false;
  if (/[\0-\x20\x7F~^:?*[\\]|\.\.|@\{|\/\/|\.$|^\/|\/$/.test(name)) return false;
  return name.split("/").every((part) => !part.startsWith(".") && !part.endsWith(".lock"));
}
