import { Buffer } from "buffer/index.js";
import type { FileStatus } from "../../../kernel/system-calls.ts";
import { nodeError } from "../errors/node-error.ts";
import { systemError } from "../errors/system-error.ts";
import { Dirent, type EntryType } from "./dirent.ts";
import { parseMode } from "./flags.ts";
import { optionsOf } from "./options.ts";
import type { PathArgument, PathReader } from "./paths.ts";
import { call, type Operation } from "./run.ts";

const DIRECTORY_MODE = 0o777;

function join(directory: string, name: string): string {
  return directory === ""
    ? name
    : directory.endsWith("/")
      ? directory + name
      : `${directory}/${name}`;
}

function* lstatOrNull(path: string): Operation<FileStatus | null> {
  try {
    return yield* call("lstat", [path]);
  } catch {
    return null;
  }
}

interface Found {
  readonly below: string;
  readonly name: string;
  readonly type: EntryType;
}

function* list(path: PathArgument, recursive: boolean): Operation<Found[]> {
  const found: Found[] = [];
  const waiting = [""];
  for (let below = waiting.shift(); below !== undefined; below = waiting.shift()) {
    const entries = yield* call("readdir", [join(path.absolute, below)], {
      syscall: "scandir",
      path: below === "" ? path.shown : join(path.shown, below),
    });
    for (const entry of entries) {
      found.push({ below, ...entry });
      if (recursive && entry.type === "directory") waiting.push(join(below, entry.name));
    }
  }
  return found;
}

/** The operations on directories. */
export function directoryOperations(read: PathReader, random: () => string) {
  function* readdir(path: unknown, given?: unknown): Operation<unknown[]> {
    const options = optionsOf(given);
    const argument = read(path);
    const entries = yield* list(argument, options["recursive"] === true);
    const named = (text: string) => (options["encoding"] === "buffer" ? Buffer.from(text) : text);
    if (options["withFileTypes"] !== true) {
      return entries.map(({ below, name }) => named(join(below, name)));
    }
    return entries.map(
      ({ below, name, type }) =>
        new Dirent(named(name), below === "" ? argument.shown : join(argument.shown, below), type),
    );
  }
  function* mkdir(path: unknown, given?: unknown): Operation<string | undefined> {
    const numeric = typeof given === "number" || typeof given === "string";
    const options = numeric ? { mode: given } : optionsOf(given);
    const mode = parseMode(
      (options as { mode?: unknown }).mode,
      numeric ? "mode" : "options.mode",
      DIRECTORY_MODE,
    );
    const argument = read(path);
    if ((options as { recursive?: unknown }).recursive === true) {
      return yield* mkdirRecursive(argument, mode);
    }
    yield* call("mkdir", [argument.absolute, { mode }], { path: argument.shown });
    return undefined;
  }
  function* rmdir(path: unknown): Operation<undefined> {
    const { absolute, shown } = read(path);
    yield* call("rmdir", [absolute], { path: shown });
    return undefined;
  }
  function* rm(path: unknown, given?: unknown): Operation<undefined> {
    const options = optionsOf(given);
    const { absolute, shown } = read(path);
    const words = { syscall: "rm", path: shown };
    const status = yield* lstatOrNull(absolute);
    if (status === null) {
      if (options["force"] === true) return undefined;
      throw systemError({ code: "ENOENT", syscall: "lstat", path: shown });
    }
    if (status.type !== "directory") yield* call("unlink", [absolute], words);
    else if (options["recursive"] === true) yield* call("removeTree", [absolute], words);
    else throw isDirectory(shown);
    return undefined;
  }
  function* mkdtemp(prefix: unknown): Operation<string> {
    const { absolute, shown } = read(prefix, "prefix");
    const suffix = random();
    yield* call("mkdir", [absolute + suffix, { mode: 0o700 }], {
      syscall: "mkdtemp",
      path: `${shown}XXXXXX`,
    });
    return shown + suffix;
  }
  return { readdir, mkdir, rmdir, rm, mkdtemp, statfs: statfsOperation(read) };
}

function statfsOperation(read: PathReader) {
  return function* statfs(path: unknown, given?: unknown): Operation<object> {
    const { absolute, shown } = read(path);
    yield* call("stat", [absolute], { syscall: "statfs", path: shown });
    return statFsOf(optionsOf(given)["bigint"] === true);
  };
}

function isDirectory(path: string): Error {
  const error = nodeError(
    "ERR_FS_EISDIR",
    `Path is a directory: rm returned EISDIR (is a directory) ${path}`,
  );
  error.name = "SystemError";
  return Object.assign(error, { errno: 21, syscall: "rm", path });
}

/** Makes what is missing of a path; tells the first directory that it made. */
function* mkdirRecursive(path: PathArgument, mode: number): Operation<string | undefined> {
  const missing: string[] = [];
  const parts = path.absolute.split("/").filter((part) => part !== "" && part !== ".");
  for (let count = parts.length; count > 0; count--) {
    const at = `/${parts.slice(0, count).join("/")}`;
    const status = yield* statOrNull(at, path.shown);
    if (status === null) {
      missing.unshift(at);
      continue;
    }
    if (status.type === "directory") break;
    const code = count === parts.length ? "EEXIST" : "ENOTDIR";
    throw systemError({ code, syscall: "mkdir", path: path.shown });
  }
  for (const directory of missing) {
    yield* call("mkdir", [directory, { recursive: true, mode }], { path: path.shown });
  }
  return missing[0];
}

function* statOrNull(absolute: string, shown: string): Operation<FileStatus | null> {
  try {
    return yield* call("stat", [absolute]);
  } catch (error) {
    const { code } = error as { code: string };
    if (code === "ENOENT" || code === "ENOTDIR") return null;
    throw systemError({ code, syscall: "mkdir", path: shown });
  }
}

/** Room of a file system in memory: what the container may hold is not known here, so 1 GiB is told. */
const STATFS = {
  type: 61_267,
  bsize: 4096,
  blocks: 262_144,
  bfree: 262_144,
  bavail: 262_144,
  files: 1_048_576,
  ffree: 1_048_576,
};

function statFsOf(bigint: boolean): object {
  if (!bigint) return { ...STATFS };
  return Object.fromEntries(Object.entries(STATFS).map(([key, value]) => [key, BigInt(value)]));
}
