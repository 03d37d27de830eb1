import { Buffer } from "buffer/index.js";
import type { FileStatus } from "../../../kernel/system-calls.ts";
import { invalidArgType, outOfRange } from "../errors/node-error.ts";
import { systemError } from "../errors/system-error.ts";
import { checkFd, parseMode } from "./flags.ts";
import { optionsOf } from "./options.ts";
import type { PathReader } from "./paths.ts";
import { call, type Operation } from "./run.ts";
import { makeStats, type BigIntStats, type Stats } from "./stats.ts";

type AnyStats = Stats | BigIntStats;

function encoded(text: string, options: unknown): unknown {
  const { encoding } = optionsOf(options);
  if (encoding === "buffer") return Buffer.from(text);
  if (encoding === undefined || encoding === null || encoding === "utf8") return text;
  return Buffer.from(text).toString(encoding as string);
}

/** A Date, seconds since the epoch, or a string of digits; the result in milliseconds. */
function timeMs(value: unknown, name: string): number {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "string" && value.trim() !== "" && !Number.isNaN(Number(value))) {
    return Number(value) * 1000;
  }
  if (typeof value === "number" && Number.isFinite(value)) return value * 1000;
  throw invalidArgType(name, "an instance of Date or of type number or string", value);
}

/** Who may do what with a file: bits of `access`, as the file's owner (the container has one user). */
function permits(status: FileStatus, mode: number): boolean {
  return ((status.mode >> 6) & mode) === mode || (status.mode & mode) === mode;
}

/** The operations that ask for an entry's status. */
function statusOperations(read: PathReader) {
  function statOf(name: "stat" | "lstat") {
    return function* statEntry(path: unknown, given?: unknown): Operation<AnyStats | undefined> {
      const options = optionsOf(given);
      const { absolute, shown } = read(path);
      try {
        const status = yield* call(name, [absolute], { path: shown });
        return makeStats(status, options["bigint"] === true);
      } catch (error) {
        const { code } = error as { code?: unknown };
        const absent = code === "ENOENT" || code === "ENOTDIR";
        if (options["throwIfNoEntry"] === false && absent) return undefined;
        throw error;
      }
    };
  }
  function* fstat(fd: unknown, given?: unknown): Operation<AnyStats> {
    return makeStats(yield* call("fstat", [checkFd(fd)]), optionsOf(given)["bigint"] === true);
  }
  function* access(path: unknown, mode: unknown = 0): Operation<undefined> {
    const { absolute, shown } = read(path);
    if (typeof mode !== "number") throw invalidArgType("mode", "of type number", mode);
    if (mode < 0 || mode > 7) throw outOfRange("mode", ">= 0 && <= 7", mode);
    const words = { syscall: "access", path: shown };
    const status = yield* call("stat", [absolute], words);
    if (mode !== 0 && !permits(status, mode)) throw systemError({ code: "EACCES", ...words });
    return undefined;
  }
  function* exists(path: unknown): Operation<boolean> {
    try {
      yield* call("stat", [read(path).absolute]);
      return true;
    } catch {
      return false;
    }
  }
  return { stat: statOf("stat"), lstat: statOf("lstat"), fstat, access, exists };
}

/** The operations on an entry's names and links. */
function nameOperations(read: PathReader) {
  function* unlink(path: unknown): Operation<undefined> {
    const { absolute, shown } = read(path);
    yield* call("unlink", [absolute], { path: shown });
    return undefined;
  }
  function pairOf(name: "rename" | "link") {
    return function* pair(from: unknown, to: unknown): Operation<undefined> {
      const source = read(from, name === "rename" ? "oldPath" : "existingPath");
      const target = read(to, "newPath");
      const words = { path: source.shown, dest: target.shown };
      yield* call(name, [source.absolute, target.absolute], words);
      return undefined;
    };
  }
  function* symlink(target: unknown, path: unknown): Operation<undefined> {
    const { shown: text } = read(target, "target");
    const { absolute, shown } = read(path);
    yield* call("symlink", [text, absolute], { path: text, dest: shown });
    return undefined;
  }
  function* readlink(path: unknown, options?: unknown): Operation<unknown> {
    const { absolute, shown } = read(path);
    return encoded(yield* call("readlink", [absolute], { path: shown }), options);
  }
  function* realpath(path: unknown, options?: unknown): Operation<unknown> {
    const { absolute, shown } = read(path);
    const words = { syscall: "lstat", path: absolute === "" ? shown : absolute };
    return encoded(yield* call("realpath", [absolute], words), options);
  }
  return { unlink, rename: pairOf("rename"), link: pairOf("link"), symlink, readlink, realpath };
}

/** The operations on an entry's mode, owner and times. */
function attributeOperations(read: PathReader) {
  function* chmod(path: unknown, mode: unknown): Operation<undefined> {
    const { absolute, shown } = read(path);
    yield* call("chmod", [absolute, parseMode(mode)], { path: shown });
    return undefined;
  }
  /** One user owns all: a change of owner to anyone else is refused, as to any user who is not root. */
  function* chown(path: unknown, uid: unknown, gid: unknown): Operation<undefined> {
    const { absolute, shown } = read(path);
    const words = { syscall: "chown", path: shown };
    const status = yield* call("stat", [absolute], words);
    const same = (uid === status.uid || uid === -1) && (gid === status.gid || gid === -1);
    if (!same) throw systemError({ code: "EPERM", ...words });
    return undefined;
  }
  function* utimes(path: unknown, atime: unknown, mtime: unknown): Operation<undefined> {
    const { absolute, shown } = read(path);
    const times = [timeMs(atime, "atime"), timeMs(mtime, "mtime")] as const;
    yield* call("utimes", [absolute, ...times], { syscall: "utime", path: shown });
    return undefined;
  }
  return { chmod, lchmod: chmod, chown, lchown: chown, utimes, lutimes: utimes };
}

/** The operations on directory entries: their status, names, links, modes and times. */
export function entryOperations(read: PathReader) {
  return { ...statusOperations(read), ...nameOperations(read), ...attributeOperations(read) };
}
