import type { Shell } from "../state/shell.ts";
import { programs } from "./table.ts";

/** Commands whose work may never end, and never lets an event in. */
const mayHang = new Set("awk egrep fgrep grep jq rg sed xan yq".split(" "));

/**
 * Runs a program of ours inside the shell's process; null when the path is another program. An
 * interactive shell gives those that may hang a process of their own, so that Ctrl-C ends only them.
 */
export function runOwnCommand(
  shell: Shell,
  path: string,
  argv: readonly string[],
): Promise<number> | null {
  const name = ownName(path);
  if (name === null || (shell.process.isInteractive && mayHang.has(name))) return null;
  return runNamedCommand(shell, name, argv.slice(1));
}

/** Name of the program of ours at a path; null when there is none. */
export function ownName(path: string): string | null {
  const name = /^\/(?:usr\/)?bin\/([^/]+)$/.exec(path)?.[1];
  return name !== undefined && programs.has(name) ? name : null;
}

/** @param name one that `ownName` gave */
export function runNamedCommand(
  shell: Shell,
  name: string,
  args: readonly string[],
): Promise<number> {
  const program = programs.get(name);
  if (program === undefined) throw new Error(`${name} is no program of the shell`);
  return program({ shell, name, args });
}
