import { fatal } from "../cli/failure.ts";
import type { Arguments } from "../cli/options.ts";
import type { GitContext } from "../repository/context.ts";

/** Git's own for all of history. */
const INFINITE_DEPTH = 0x7fffffff;

/** @returns null when nothing was said of it. @throws GitFailure */
export function depthOf(args: Arguments): number | null {
  if (args.has("unshallow")) return INFINITE_DEPTH;
  const said = args.value("depth");
  if (said === undefined) return null;
  const depth = /^\d{1,9}$/.test(said) ? Number(said) : 0;
  if (depth < 1) throw fatal(`depth ${said} is not a positive number`);
  return depth;
}

/** As git: when it is asked for, or when a person watches standard error. */
export function showsProgress({ system }: GitContext, args: Arguments): boolean {
  if (args.has("quiet") || args.has("no-progress")) return false;
  return args.has("progress") || system.callSync("terminalSize", 2) !== null;
}
