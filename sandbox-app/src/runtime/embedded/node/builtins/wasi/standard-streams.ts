import type { System } from "../../../kernel/system-calls.ts";
import { type GuestMemory, WasiError } from "./guest-memory.ts";

type Import = (...args: never[]) => number;

/** `filetype` of WASI by what the kernel calls it; pipes have none of their own. */
const fileTypes: Readonly<Record<string, number>> = {
  terminal: 2,
  device: 2,
  directory: 3,
  file: 4,
  socket: 6,
  pipe: 6,
};

/**
 * The standard streams in bytes: reading waits for the pipe or the terminal behind it, writing is seen
 * at once. The polyfill's own are made for pages, and deal in whole lines of text.
 */
export function standardStreams(
  system: System,
  memory: GuestMemory,
  descriptors: readonly [number, number, number],
  other: Readonly<Record<string, Import>>,
): Record<string, Import> {
  const otherwise = (name: string, ...args: unknown[]): number =>
    Reflect.apply(other[name] as Import, other, args) as number;
  const isStandard = (fd: number): boolean => fd >= 0 && fd < descriptors.length;

  return {
    fd_write(fd: number, at: number, count: number, written: number): number {
      if (!isStandard(fd)) return otherwise("fd_write", fd, at, count, written);
      let total = 0;
      for (const part of memory.parts(at >>> 0, count)) {
        if (part.byteLength > 0) {
          total += system.callSync("write", descriptors[fd] ?? fd, part.slice(), null);
        }
      }
      memory.view().setUint32(written >>> 0, total, true);
      return WasiError.SUCCESS;
    },
    fd_read(fd: number, at: number, count: number, read: number): number {
      if (!isStandard(fd)) return otherwise("fd_read", fd, at, count, read);
      const parts = memory.parts(at >>> 0, count);
      const room = parts.reduce((sum, { byteLength }) => sum + byteLength, 0);
      const bytes = system.callSync("read", descriptors[fd] ?? fd, room, null);
      let taken = 0;
      for (const part of parts) {
        const piece = bytes.subarray(taken, taken + part.byteLength);
        part.set(piece);
        taken += piece.byteLength;
      }
      memory.view().setUint32(read >>> 0, bytes.byteLength, true);
      return WasiError.SUCCESS;
    },
    fd_seek(fd: number, offset: bigint, whence: number, at: number): number {
      return isStandard(fd) ? WasiError.NOTCAPABLE : otherwise("fd_seek", fd, offset, whence, at);
    },
    fd_fdstat_get(fd: number, status: number): number {
      const result = otherwise("fd_fdstat_get", fd, status);
      if (result !== WasiError.SUCCESS || !isStandard(fd)) return result;
      const { type } = system.callSync("fstat", descriptors[fd] ?? fd);
      memory.view().setUint8(status >>> 0, fileTypes[type] ?? 0);
      return result;
    },
  };
}
