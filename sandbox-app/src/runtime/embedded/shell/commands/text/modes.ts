import { USER } from "../../../kernel/layout.ts";
import type { FileStatus } from "../../../kernel/system-calls.ts";

/** Names of the users and groups that there are, by number. */
export const USER_NAMES: Readonly<Record<number, string>> = { 0: "root", 1000: USER };

const types: Readonly<Record<FileStatus["type"], string>> = {
  file: "-",
  directory: "d",
  symlink: "l",
  pipe: "p",
  socket: "s",
  terminal: "c",
  device: "c",
};

/** `-rwxr-xr-x` */
export function modeText({ type, mode }: Pick<FileStatus, "type" | "mode">): string {
  const triple = (shift: number, special: number, letter: string): string => {
    const bits = (mode >> shift) & 7;
    const runs = (bits & 1) !== 0;
    const last = (mode & special) === 0 ? (runs ? "x" : "-") : runs ? letter : letter.toUpperCase();
    return `${(bits & 4) !== 0 ? "r" : "-"}${(bits & 2) !== 0 ? "w" : "-"}${last}`;
  };
  return types[type] + triple(6, 0o4000, "s") + triple(3, 0o2000, "s") + triple(0, 0o1000, "t");
}
