export type EntryType =
  | "file"
  | "directory"
  | "symlink"
  | "pipe"
  | "socket"
  | "terminal"
  | "device";

/** The numbers by which Node's Dirent keeps its type (`UV_DIRENT_…`). */
const numbers: Record<EntryType, number> = {
  file: 1,
  directory: 2,
  symlink: 3,
  pipe: 4,
  socket: 5,
  terminal: 6,
  device: 6,
};

const kType = Symbol("type");

/** `fs.Dirent`: an entry of a directory. */
export class Dirent {
  readonly name: unknown;
  readonly parentPath: string;
  readonly [kType]: number;

  constructor(name: unknown, parentPath: string, type: EntryType) {
    this.name = name;
    this.parentPath = parentPath;
    this[kType] = numbers[type];
  }
  isFile(): boolean {
    return this[kType] === numbers.file;
  }
  isDirectory(): boolean {
    return this[kType] === numbers.directory;
  }
  isSymbolicLink(): boolean {
    return this[kType] === numbers.symlink;
  }
  isFIFO(): boolean {
    return this[kType] === numbers.pipe;
  }
  isSocket(): boolean {
    return this[kType] === numbers.socket;
  }
  isCharacterDevice(): boolean {
    return this[kType] === numbers.device;
  }
  isBlockDevice(): boolean {
    return false;
  }
}
