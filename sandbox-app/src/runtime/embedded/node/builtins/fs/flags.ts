import { OpenFlag } from "../../../kernel/system-calls.ts";
import { invalidArgType, invalidArgValue, nodeError, outOfRange } from "../errors/node-error.ts";

const SYNC = 0o4010000;
const { RDONLY, WRONLY, RDWR, CREAT, EXCL, TRUNC, APPEND } = OpenFlag;

const byName: Record<string, number> = {
  r: RDONLY,
  rs: RDONLY | SYNC,
  sr: RDONLY | SYNC,
  "r+": RDWR,
  "rs+": RDWR | SYNC,
  "sr+": RDWR | SYNC,
  w: TRUNC | CREAT | WRONLY,
  wx: TRUNC | CREAT | WRONLY | EXCL,
  xw: TRUNC | CREAT | WRONLY | EXCL,
  "w+": TRUNC | CREAT | RDWR,
  "wx+": TRUNC | CREAT | RDWR | EXCL,
  "xw+": TRUNC | CREAT | RDWR | EXCL,
  a: APPEND | CREAT | WRONLY,
  ax: APPEND | CREAT | WRONLY | EXCL,
  xa: APPEND | CREAT | WRONLY | EXCL,
  as: APPEND | CREAT | WRONLY | SYNC,
  sa: APPEND | CREAT | WRONLY | SYNC,
  "a+": APPEND | CREAT | RDWR,
  "ax+": APPEND | CREAT | RDWR | EXCL,
  "xa+": APPEND | CREAT | RDWR | EXCL,
  "as+": APPEND | CREAT | RDWR | SYNC,
  "sa+": APPEND | CREAT | RDWR | SYNC,
};

/** Node's `flags` as numbers of open(2). SYNC is let go: memory is always in sync. */
export function openFlags(flags: unknown, fallback = "r"): number {
  if (flags === undefined || flags === null) return byName[fallback] ?? 0;
  if (typeof flags === "number") {
    if (!Number.isInteger(flags)) throw outOfRange("flags", "an integer", flags);
    return flags & ~SYNC;
  }
  const value = typeof flags === "string" ? byName[flags] : undefined;
  if (value === undefined) throw invalidArgValue("flags", flags);
  return value & ~SYNC;
}

const octal = /^[0-7]+$/;

/** `0o755`, `493` or `"755"`. */
export function parseMode(value: unknown, name = "mode", fallback?: number): number {
  if ((value === undefined || value === null) && fallback !== undefined) return fallback;
  if (typeof value === "string") {
    if (!octal.test(value)) {
      throw nodeError(
        "ERR_INVALID_ARG_VALUE",
        `The ${name.includes(".") ? "property" : "argument"} '${name}' must be a 32-bit unsigned integer or an octal string. Received '${value}'`,
        TypeError,
      );
    }
    return Number.parseInt(value, 8);
  }
  if (typeof value !== "number") throw invalidArgType(name, "of type number", value);
  if (!Number.isInteger(value)) throw outOfRange(name, "an integer", value);
  if (value < 0 || value > 0xff_ff_ff_ff) throw outOfRange(name, ">= 0 && <= 4294967295", value);
  return value;
}

export function checkFd(value: unknown, name = "fd"): number {
  if (typeof value !== "number") throw invalidArgType(name, "of type number", value);
  if (!Number.isInteger(value)) throw outOfRange(name, "an integer", value);
  if (value < 0 || value > 2_147_483_647) throw outOfRange(name, ">= 0 && <= 2147483647", value);
  return value;
}

/** `fs.constants` with their values on Linux. */
export const constants = Object.freeze({
  UV_FS_SYMLINK_DIR: 1,
  UV_FS_SYMLINK_JUNCTION: 2,
  O_RDONLY: 0,
  O_WRONLY: 1,
  O_RDWR: 2,
  UV_DIRENT_UNKNOWN: 0,
  UV_DIRENT_FILE: 1,
  UV_DIRENT_DIR: 2,
  UV_DIRENT_LINK: 3,
  UV_DIRENT_FIFO: 4,
  UV_DIRENT_SOCKET: 5,
  UV_DIRENT_CHAR: 6,
  UV_DIRENT_BLOCK: 7,
  S_IFMT: 61_440,
  S_IFREG: 32_768,
  S_IFDIR: 16_384,
  S_IFCHR: 8192,
  S_IFBLK: 24_576,
  S_IFIFO: 4096,
  S_IFLNK: 40_960,
  S_IFSOCK: 49_152,
  O_CREAT: 64,
  O_EXCL: 128,
  UV_FS_O_FILEMAP: 0,
  O_NOCTTY: 256,
  O_TRUNC: 512,
  O_APPEND: 1024,
  O_DIRECTORY: 65_536,
  O_NOATIME: 262_144,
  O_NOFOLLOW: 131_072,
  O_SYNC: 1_052_672,
  O_DSYNC: 4096,
  O_DIRECT: 16_384,
  O_NONBLOCK: 2048,
  S_IRWXU: 448,
  S_IRUSR: 256,
  S_IWUSR: 128,
  S_IXUSR: 64,
  S_IRWXG: 56,
  S_IRGRP: 32,
  S_IWGRP: 16,
  S_IXGRP: 8,
  S_IRWXO: 7,
  S_IROTH: 4,
  S_IWOTH: 2,
  S_IXOTH: 1,
  F_OK: 0,
  R_OK: 4,
  W_OK: 2,
  X_OK: 1,
  UV_FS_COPYFILE_EXCL: 1,
  COPYFILE_EXCL: 1,
  UV_FS_COPYFILE_FICLONE: 2,
  COPYFILE_FICLONE: 2,
  UV_FS_COPYFILE_FICLONE_FORCE: 4,
  COPYFILE_FICLONE_FORCE: 4,
});
