import type { FileStatus } from "../../../kernel/system-calls.ts";

/** Blocks of the file system, as `ls -s` and `du` count. */
const BLOCK_BYTES = 4_096;

/** Kibibytes that a file takes: whole blocks; directories take one. */
export function blocksOf({ type, size }: Pick<FileStatus, "type" | "size">): number {
  if (type === "directory") return BLOCK_BYTES / 1024;
  return type === "file" ? (Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES) / 1024 : 0;
}

const units = "KMGTPE";

/** `1.5K`, `12M`, as GNU's `-h` rounds: up, with one digit below 10. */
export function humanSize(bytes: number): string {
  if (bytes < 1024) return String(bytes);
  let value = bytes;
  let unit = -1;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const shown = value < 10 ? (Math.ceil(value * 10) / 10).toFixed(1) : String(Math.ceil(value));
  return `${shown === "10.0" ? "10" : shown}${units[unit] ?? ""}`;
}
