import { nodeError } from "../errors/node-error.ts";
import { validateFunction } from "../errors/validate.ts";
import type { fileOperations } from "./file-operations.ts";
import { optionsOf, type Options } from "./options.ts";
import type { PathArgument, PathReader } from "./paths.ts";
import { call, type Operation } from "./run.ts";
import type { FileStatus } from "../../../kernel/system-calls.ts";

function cpError(code: string, message: string, path: string): Error {
  const error = nodeError(code, message);
  error.name = "SystemError";
  return Object.assign(error, { syscall: "cp", path });
}

function* statusOf(path: string, follow: boolean): Operation<FileStatus | null> {
  try {
    return yield* call(follow ? "stat" : "lstat", [path]);
  } catch {
    return null;
  }
}

type Files = ReturnType<typeof fileOperations>;

/** `fs.cp`. A filter that answers with a promise is only known to the asynchronous faces. */
export function copyTree(read: PathReader, files: Files) {
  return function* cp(from: unknown, to: unknown, given?: unknown): Operation<undefined> {
    const options = optionsOf(given);
    if (options["filter"] !== undefined) validateFunction(options["filter"], "options.filter");
    const source = read(from, "src");
    const target = read(to, "dest");
    yield* copyEntry(files, source, target, options);
    return undefined;
  };
}

function* copyEntry(
  files: Files,
  source: PathArgument,
  target: PathArgument,
  options: Options,
): Operation<undefined> {
  const filter = options["filter"] as ((from: string, to: string) => unknown) | undefined;
  if (filter !== undefined && filter(source.shown, target.shown) === false) return undefined;
  const follow = options["dereference"] === true;
  const words = { syscall: "cp", path: source.shown };
  const status = yield* call(follow ? "stat" : "lstat", [source.absolute], words);
  const there = yield* statusOf(target.absolute, follow);
  if (there !== null) checkPlace(status, there, source, target);
  if (status.type === "directory") {
    if (options["recursive"] !== true) {
      const text = `Recursive option not enabled, cannot copy a directory: cp returned EISDIR (${source.shown} is a directory (not copied)) ${source.shown}`;
      throw cpError("ERR_FS_EISDIR", text, source.shown);
    }
    return yield* copyDirectory(files, source, target, options);
  }
  if (there !== null && options["force"] === false) {
    if (options["errorOnExist"] !== true) return undefined;
    throw cpError(
      "ERR_FS_CP_EEXIST",
      `Target already exists: cp returned EEXIST (${target.shown} already exists) ${target.shown}`,
      target.shown,
    );
  }
  yield* makeParent(target.absolute);
  if (status.type === "symlink") {
    if (there !== null) yield* call("unlink", [target.absolute]);
    return yield* copyLink(source, target, options["verbatimSymlinks"] === true);
  }
  yield* files.copyFile(source.shown, target.shown, options["mode"] ?? 0);
  if (options["preserveTimestamps"] === true) {
    yield* call("utimes", [target.absolute, status.atimeMs, status.mtimeMs]);
  }
  return undefined;
}

function* copyLink(
  source: PathArgument,
  target: PathArgument,
  verbatim: boolean,
): Operation<undefined> {
  const link = yield* call("readlink", [source.absolute]);
  const base = source.absolute.slice(0, source.absolute.lastIndexOf("/"));
  const kept = verbatim || link.startsWith("/") ? link : `${base}/${link}`;
  yield* call("symlink", [kept, target.absolute]);
  return undefined;
}

function* makeParent(path: string): Operation<undefined> {
  const parent = path.replace(/\/+$/, "").replace(/\/[^/]*$/, "");
  if (parent === "" || (yield* statusOf(parent, true)) !== null) return undefined;
  yield* makeParent(parent);
  yield* call("mkdir", [parent, { recursive: true }]);
  return undefined;
}

function checkPlace(
  status: FileStatus,
  there: FileStatus,
  source: PathArgument,
  target: PathArgument,
): void {
  if (status.ino === there.ino) {
    throw cpError(
      "ERR_FS_CP_EINVAL",
      `Invalid src or dest: cp returned EINVAL (src and dest cannot be the same) ${target.shown}`,
      target.shown,
    );
  }
  if (status.type === "directory" && there.type !== "directory") {
    throw cpError(
      "ERR_FS_CP_DIR_TO_NON_DIR",
      `Cannot overwrite non-directory with directory: cp returned EISDIR (cannot overwrite non-directory ${target.shown} with directory ${source.shown}) ${target.shown}`,
      target.shown,
    );
  }
  if (status.type !== "directory" && there.type === "directory") {
    throw cpError(
      "ERR_FS_CP_NON_DIR_TO_DIR",
      `Cannot overwrite directory with non-directory: cp returned ENOTDIR (cannot overwrite directory ${target.shown} with non-directory ${source.shown}) ${target.shown}`,
      target.shown,
    );
  }
}

function* copyDirectory(
  files: Files,
  source: PathArgument,
  target: PathArgument,
  options: Options,
): Operation<undefined> {
  if (`${target.absolute}/`.startsWith(`${source.absolute}/`)) {
    throw cpError(
      "ERR_FS_CP_EINVAL",
      `Cannot copy ${source.shown} to a subdirectory of self ${target.shown}: cp returned EINVAL`,
      target.shown,
    );
  }
  yield* makeParent(`${target.absolute}/x`);
  for (const { name } of yield* call("readdir", [source.absolute])) {
    const below = (path: PathArgument): PathArgument => ({
      shown: `${path.shown}/${name}`,
      absolute: `${path.absolute}/${name}`,
    });
    yield* copyEntry(files, below(source), below(target), options);
  }
  return undefined;
}
