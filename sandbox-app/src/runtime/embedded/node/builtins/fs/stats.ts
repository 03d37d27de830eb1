import type { FileStatus } from "../../../kernel/system-calls.ts";
import { constants } from "./flags.ts";

const BLOCK = 512;
const BLOCK_SIZE = 4096;

const typeBits: Record<FileStatus["type"], number> = {
  file: constants.S_IFREG,
  directory: constants.S_IFDIR,
  symlink: constants.S_IFLNK,
  pipe: constants.S_IFIFO,
  socket: constants.S_IFSOCK,
  terminal: constants.S_IFCHR,
  device: constants.S_IFCHR,
};

type Amount = number | bigint;

/** The questions that Stats and BigIntStats answer alike. */
abstract class StatsBase {
  abstract readonly mode: Amount;

  isDirectory(): boolean {
    return this.#is(constants.S_IFDIR);
  }
  isFile(): boolean {
    return this.#is(constants.S_IFREG);
  }
  isBlockDevice(): boolean {
    return this.#is(constants.S_IFBLK);
  }
  isCharacterDevice(): boolean {
    return this.#is(constants.S_IFCHR);
  }
  isSymbolicLink(): boolean {
    return this.#is(constants.S_IFLNK);
  }
  isFIFO(): boolean {
    return this.#is(constants.S_IFIFO);
  }
  isSocket(): boolean {
    return this.#is(constants.S_IFSOCK);
  }
  #is(type: number): boolean {
    return (Number(this.mode) & constants.S_IFMT) === type;
  }
}

function defineDates(
  target: object,
  status: Pick<FileStatus, "atimeMs" | "mtimeMs" | "ctimeMs" | "birthtimeMs">,
): void {
  for (const name of ["atime", "mtime", "ctime", "birthtime"] as const) {
    const date = new Date(status[`${name}Ms`]);
    Object.defineProperty(target, name, {
      value: date,
      enumerable: true,
      writable: true,
      configurable: true,
    });
  }
}

export class Stats extends StatsBase {
  readonly dev: number;
  override readonly mode: number;
  readonly nlink: number;
  readonly uid: number;
  readonly gid: number;
  readonly rdev: number;
  readonly blksize: number;
  readonly ino: number;
  readonly size: number;
  readonly blocks: number;
  readonly atimeMs: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
  readonly birthtimeMs: number;
  declare readonly atime: Date;
  declare readonly mtime: Date;
  declare readonly ctime: Date;
  declare readonly birthtime: Date;

  constructor(status: FileStatus) {
    super();
    this.dev = 1;
    this.mode = typeBits[status.type] | status.mode;
    this.nlink = status.nlink;
    this.uid = status.uid;
    this.gid = status.gid;
    this.rdev = 0;
    this.blksize = BLOCK_SIZE;
    this.ino = status.ino;
    this.size = status.size;
    this.blocks = (Math.ceil(status.size / BLOCK_SIZE) * BLOCK_SIZE) / BLOCK;
    this.atimeMs = status.atimeMs;
    this.mtimeMs = status.mtimeMs;
    this.ctimeMs = status.ctimeMs;
    this.birthtimeMs = status.birthtimeMs;
    defineDates(this, status);
  }
}

const NS_PER_MS = 1_000_000;

function nanoseconds(ms: number): bigint {
  const whole = Math.floor(ms);
  return BigInt(whole) * BigInt(NS_PER_MS) + BigInt(Math.round((ms - whole) * NS_PER_MS));
}

export class BigIntStats extends StatsBase {
  readonly dev = 1n;
  override readonly mode: bigint;
  readonly nlink: bigint;
  readonly uid: bigint;
  readonly gid: bigint;
  readonly rdev = 0n;
  readonly blksize = BigInt(BLOCK_SIZE);
  readonly ino: bigint;
  readonly size: bigint;
  readonly blocks: bigint;
  readonly atimeMs: bigint;
  readonly mtimeMs: bigint;
  readonly ctimeMs: bigint;
  readonly birthtimeMs: bigint;
  readonly atimeNs: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly birthtimeNs: bigint;

  constructor(status: FileStatus) {
    super();
    const plain = new Stats(status);
    this.mode = BigInt(plain.mode);
    this.nlink = BigInt(plain.nlink);
    this.uid = BigInt(plain.uid);
    this.gid = BigInt(plain.gid);
    this.ino = BigInt(plain.ino);
    this.size = BigInt(plain.size);
    this.blocks = BigInt(plain.blocks);
    this.atimeMs = BigInt(Math.floor(status.atimeMs));
    this.mtimeMs = BigInt(Math.floor(status.mtimeMs));
    this.ctimeMs = BigInt(Math.floor(status.ctimeMs));
    this.birthtimeMs = BigInt(Math.floor(status.birthtimeMs));
    this.atimeNs = nanoseconds(status.atimeMs);
    this.mtimeNs = nanoseconds(status.mtimeMs);
    this.ctimeNs = nanoseconds(status.ctimeMs);
    this.birthtimeNs = nanoseconds(status.birthtimeMs);
    defineDates(this, status);
  }
}

export function makeStats(status: FileStatus, bigint = false): Stats | BigIntStats {
  return bigint ? new BigIntStats(status) : new Stats(status);
}
