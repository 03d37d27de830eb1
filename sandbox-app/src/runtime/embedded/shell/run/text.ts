import type { ParsedScript, Statement } from "unbash";
import type { Shell } from "../state/shell.ts";
import { faultOf, type SyntaxFault } from "../syntax/fault.ts";
import { parseScript } from "../syntax/parse.ts";
import { Source } from "../syntax/source.ts";
import { runStatement } from "./execute.ts";
import { DiscardLine, MISUSE } from "./outcome.ts";

export interface TextOptions {
  /** File that the text comes from, as messages and BASH_SOURCE name it. */
  readonly file?: string;
}

/**
 * Runs source text in the shell itself. As bash reads line by line, what stands on lines before a
 * syntax error runs, and an error in an expansion discards the rest of its line only.
 */
export async function runText(
  shell: Shell,
  text: string,
  options: TextOptions = {},
): Promise<number> {
  const { script, errors } = parseScript(text);
  const fault = faultOf(text, errors);
  const { source, position, file } = shell;
  const isNested = source.text !== "" && options.file === undefined;
  shell.source = new Source(text, 0, isNested ? shell.line : 1);
  if (options.file !== undefined) shell.file = options.file;
  if (shell.isOn("verbose")) await shell.complain(text.endsWith("\n") ? text : `${text}\n`);
  try {
    const status = await runLines(shell, script, fault);
    if (fault === null) return status;
    await reportFault(shell, fault);
    return MISUSE;
  } finally {
    Object.assign(shell, { source, position, file });
  }
}

async function runLines(
  shell: Shell,
  { commands }: ParsedScript,
  fault: SyntaxFault | null,
): Promise<number> {
  const { source } = shell;
  let status = 0;
  let discarded = 0;
  const faulty = fault === null ? null : faultyLine(source, commands, fault);
  for (const statement of commands) {
    if (faulty !== null && source.lineAt(statement.end) >= faulty) break;
    if (source.lineAt(statement.pos) <= discarded) continue;
    try {
      status = await runStatement(shell, statement);
    } catch (error) {
      // In a subshell, and in a function or a sourced file, the whole of it is left.
      if (!(error instanceof DiscardLine) || shell.depth > 0 || shell.frames.length > 0)
        throw error;
      await shell.report(error.message);
      shell.source = source;
      discarded = source.lineAt(statement.end);
      status = error.status;
      shell.status = status;
    }
  }
  return status;
}

/** Line on which the statement with the error starts; it and what follows do not run. */
function faultyLine(
  source: Source,
  commands: readonly Statement[],
  { pos, atEnd }: SyntaxFault,
): number {
  const last = commands.findLast((statement) => statement.pos <= pos);
  const line = source.lineAt(pos);
  if (last === undefined) return line;
  const isInside = atEnd || last.end > pos || source.lineAt(last.end) === line;
  return isInside ? source.lineAt(last.pos) : line;
}

async function reportFault(shell: Shell, { message, line, shown }: SyntaxFault): Promise<void> {
  const name = shell.file === "" ? shell.name : shell.file;
  const kind = shell.process.howStarted === "c" && shell.file === "" ? "-c: " : "";
  const prefix = shell.process.hidesLines ? "bash: " : `${name}: ${kind}line ${line}: `;
  await shell.complain(`${prefix}${message}\n`);
  if (shown !== null) await shell.complain(`${prefix}\`${shown}'\n`);
}
