import { FileError } from "../../../runtime.ts";
import type { FileStatus } from "../../kernel/system-calls.ts";
import type { PromiseFsClient } from "isomorphic-git";
import type { Disk } from "../repository/disk.ts";
import { type Bytes, decode } from "./bytes.ts";

const fileTypes = { file: 0o100000, directory: 0o040000, symlink: 0o120000 } as const;

/** The files as isomorphic-git asks for them: the part of `fs.promises` that reading takes. */
export function promisesOf(disk: Disk): PromiseFsClient {
  const status = async (path: string): Promise<unknown> => {
    const found = disk.status(path);
    if (found === undefined) throw missing("lstat", path);
    return nodeStatus(found);
  };
  const promises = {
    readFile: async (path: string, options?: unknown): Promise<Bytes | string> => {
      const bytes = disk.read(path);
      if (bytes === undefined) throw missing("open", path);
      return options === undefined || JSON.stringify(options) === "{}" ? bytes : decode(bytes);
    },
    readdir: async (path: string): Promise<string[]> => disk.list(path).map(({ name }) => name),
    stat: status,
    lstat: status,
    writeFile: refuse,
    unlink: refuse,
    mkdir: refuse,
    rmdir: refuse,
    readlink: refuse,
    symlink: refuse,
  };
  return { promises };
}

async function refuse(path: string): Promise<never> {
  throw new FileError("EACCES", path, "EACCES: packs are only read");
}

function missing(call: string, path: string): FileError {
  return new FileError("ENOENT", path, `ENOENT: no such file or directory, ${call} '${path}'`);
}

function nodeStatus(status: FileStatus): unknown {
  const { type } = status;
  const bits = type in fileTypes ? fileTypes[type as keyof typeof fileTypes] : 0;
  return {
    ...status,
    mode: bits | status.mode,
    isFile: () => type === "file",
    isDirectory: () => type === "directory",
    isSymbolicLink: () => type === "symlink",
  };
}
