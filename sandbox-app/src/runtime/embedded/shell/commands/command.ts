import type { Shell } from "../state/shell.ts";

/** A program of ours that runs inside the shell's process. */
export interface CommandCall {
  readonly shell: Shell;
  readonly name: string;
  /** Without the name. */
  readonly args: readonly string[];
}

export type Command = (call: CommandCall) => Promise<number>;

/** Says an error under the name of the command. */
export async function complain(
  { shell, name }: CommandCall,
  message: string,
  status = 1,
): Promise<number> {
  await shell.complain(`${name}: ${message}\n`);
  return status;
}

/** Reads a number with a unit as GNU's tools take it: `1k`, `2M`. */
export function sizeOf(text: string): number | null {
  const match = /^(\d+)([bkKMG]?)B?$/.exec(text);
  if (match === null) return null;
  const unit = { "": 1, b: 512, k: 1024, K: 1024, M: 1024 ** 2, G: 1024 ** 3 }[match[2] ?? ""] ?? 1;
  return Number(match[1]) * unit;
}
