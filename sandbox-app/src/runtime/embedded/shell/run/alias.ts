import type { Command } from "unbash";
import type { Shell } from "../state/shell.ts";

/**
 * Runs a command whose name is an alias: the text is put in and parsed anew. An alias is not
 * expanded again inside its own text. Null when there is no alias.
 */
export async function runAlias(shell: Shell, { name, end, pos }: Command): Promise<number | null> {
  if (name === undefined || name.parts !== undefined || !shell.options.shopt.has("expand_aliases"))
    return null;
  const value = shell.aliases.get(name.text);
  if (value === undefined) return null;
  const before = shell.source.slice({ pos, end: name.pos });
  const text = `${before}${value}${shell.source.slice({ pos: name.end, end })}`;
  shell.aliases.delete(name.text);
  try {
    return await shell.process.interpreter.text(shell, text);
  } finally {
    if (!shell.aliases.has(name.text)) shell.aliases.set(name.text, value);
  }
}
