import { HOME, USER } from "../../kernel/layout.ts";
import type { Shell } from "../state/shell.ts";
import { literal, type Piece, quoted, unquotedPieces } from "./piece.ts";

/** A word's first literal, with a tilde prefix replaced: `~`, `~user`, `~+`, `~-`. */
export function tildePieces(shell: Shell, text: string, splits = false): Piece[] {
  const match = /^~([^/\\'"$`:]*)(?=\/|$)/.exec(text);
  const home = match === null ? undefined : homeOf(shell, match[1] ?? "");
  if (match === null || home === undefined) return unquotedPieces(text, splits);
  return [quoted(home), ...unquotedPieces(text.slice(match[0].length), splits)];
}

/** In an assignment, a tilde counts after each colon too. */
export function assignmentPieces(shell: Shell, text: string, isStart: boolean): Piece[] {
  const parts = text.split(":");
  return parts.flatMap((part, index) => {
    if (index === 0) return isStart ? tildePieces(shell, part) : unquotedPieces(part);
    return [literal(":")].concat(tildePieces(shell, part));
  });
}

function homeOf(shell: Shell, user: string): string | undefined {
  if (user === "") return shell.variables.get("HOME") ?? HOME;
  if (user === "+") return shell.variables.get("PWD");
  if (user === "-") return shell.variables.get("OLDPWD");
  if (user === USER) return HOME;
  return user === "root" ? "/root" : undefined;
}
