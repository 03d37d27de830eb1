import { Buffer } from "buffer/index.js";
import { OpenFlag } from "../../../kernel/system-calls.ts";
import { validateInteger } from "../errors/validate.ts";
import { systemError } from "../errors/system-error.ts";
import { checkFd, constants, openFlags, parseMode } from "./flags.ts";
import { optionsOf, throwIfAborted } from "./options.ts";
import type { PathReader } from "./paths.ts";
import { checkEncoding, readRest, toBytes } from "./read-write.ts";
import { call, type Operation } from "./run.ts";

const FILE_MODE = 0o666;

function fdOf(target: unknown): number | null {
  if (typeof target === "number") return checkFd(target);
  const fd = (target as { fd?: unknown } | null)?.fd;
  return typeof target === "object" && typeof fd === "number" ? fd : null;
}

/** The operations that open and close a descriptor. */
function descriptorOperations(read: PathReader) {
  function* open(path: unknown, flags?: unknown, mode?: unknown): Operation<number> {
    const { absolute, shown } = read(path);
    const bits = parseMode(mode, "mode", FILE_MODE);
    return yield* call("open", [absolute, openFlags(flags), bits], { path: shown });
  }
  function* close(fd: unknown): Operation<undefined> {
    yield* call("close", [checkFd(fd)]);
    return undefined;
  }
  return { open, close };
}

/** Reads what a file holds. */
function readOperations(read: PathReader) {
  const { open, close } = descriptorOperations(read);
  function* readFile(target: unknown, given?: unknown): Operation<unknown> {
    const options = optionsOf(given);
    const encoding = checkEncoding(options["encoding"]);
    throwIfAborted(options);
    const fd = fdOf(target);
    const bytes = fd === null ? yield* readWhole(target, options["flag"]) : yield* readRest(fd);
    throwIfAborted(options);
    const buffer = Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength);
    return encoding === null ? buffer : buffer.toString(encoding);
  }
  function* readWhole(target: unknown, flag: unknown): Operation<Uint8Array> {
    const { absolute, shown } = read(target);
    if (flag === undefined || flag === "r") {
      try {
        return yield* call("readFile", [absolute], { syscall: "open", path: shown });
      } catch (error) {
        // Opening a directory succeeds on Linux; reading it fails, and Node names no path then.
        if ((error as { code?: unknown }).code !== "EISDIR") throw error;
        throw systemError({ code: "EISDIR", syscall: "read" });
      }
    }
    const fd = yield* open(target, flag);
    try {
      return yield* readRest(fd);
    } finally {
      yield* close(fd);
    }
  }
  return { readFile };
}

/** Writes what a file holds. */
function writeOperations(read: PathReader) {
  const { open, close } = descriptorOperations(read);
  function* writeFile(target: unknown, data: unknown, given?: unknown): Operation<undefined> {
    const options: Record<string, unknown> = { flag: "w", ...optionsOf(given) };
    const bytes = toBytes(data, options["encoding"]);
    throwIfAborted(options);
    const fd = fdOf(target);
    if (fd !== null) {
      if (bytes.byteLength > 0) yield* call("write", [fd, bytes, null]);
      return undefined;
    }
    const mode = parseMode(options["mode"], "mode", FILE_MODE);
    const { absolute, shown } = read(target);
    const words = { syscall: "open", path: shown };
    const { flag } = options;
    if (flag === "w" || flag === "a") {
      yield* call("writeFile", [absolute, bytes, { mode, append: flag === "a" }], words);
      return undefined;
    }
    const opened = yield* open(target, flag, mode);
    try {
      yield* call("write", [opened, bytes, null]);
    } finally {
      yield* close(opened);
    }
    return undefined;
  }
  function* appendFile(target: unknown, data: unknown, given?: unknown): Operation<undefined> {
    return yield* writeFile(target, data, {
      ...optionsOf(given),
      flag: optionsOf(given)["flag"] ?? "a",
    });
  }
  return { writeFile, appendFile };
}

/** The operations on a file as a whole: its size, its copy, its being stored. */
function wholeOperations(read: PathReader) {
  const { close } = descriptorOperations(read);
  function* truncate(path: unknown, length: unknown = 0): Operation<undefined> {
    if (typeof path === "number") return yield* ftruncate(path, length);
    const { absolute, shown } = read(path);
    validateInteger(length ?? 0, "len");
    yield* call("truncate", [absolute, Math.max(0, length as number)], {
      syscall: "open",
      path: shown,
    });
    return undefined;
  }
  function* ftruncate(fd: unknown, length: unknown = 0): Operation<undefined> {
    validateInteger(length ?? 0, "len");
    yield* call("ftruncate", [checkFd(fd), Math.max(0, (length as number | null) ?? 0)]);
    return undefined;
  }
  function* copyFile(from: unknown, to: unknown, mode: unknown = 0): Operation<undefined> {
    const source = read(from, "src");
    const target = read(to, "dest");
    validateInteger(mode, "mode", 0, 7);
    const words = { syscall: "copyfile", path: source.shown, dest: target.shown };
    const status = yield* call("stat", [source.absolute], words);
    if (status.type === "directory") throw systemError({ code: "EISDIR", ...words });
    const bytes = yield* call("readFile", [source.absolute], words);
    const exclusive = (mode & constants.COPYFILE_EXCL) === 0 ? 0 : OpenFlag.EXCL;
    const flags = OpenFlag.WRONLY | OpenFlag.CREAT | OpenFlag.TRUNC | exclusive;
    const fd = yield* call("open", [target.absolute, flags, status.mode], words);
    try {
      if (bytes.byteLength > 0) yield* call("write", [fd, bytes, null], words);
    } finally {
      yield* close(fd);
    }
    return undefined;
  }
  /** Memory is always in sync; only a bad descriptor fails. */
  function* fsync(fd: unknown): Operation<undefined> {
    yield* call("fstat", [checkFd(fd)], { syscall: "fsync" });
    return undefined;
  }
  return { truncate, ftruncate, copyFile, fsync, fdatasync: fsync };
}

/** The operations on whole files and on open descriptors. */
export function fileOperations(read: PathReader) {
  return {
    ...descriptorOperations(read),
    ...readOperations(read),
    ...writeOperations(read),
    ...wholeOperations(read),
  };
}
