import type { Script } from "unbash";
import { Capture } from "../redirect/open-file.ts";
import { Handle } from "../redirect/descriptors.ts";
import { open } from "../redirect/redirect.ts";
import { resolvePath } from "../../kernel/path.ts";
import { expandText } from "../expand/word.ts";
import { errnoWords } from "../redirect/error-words.ts";
import type { Shell } from "../state/shell.ts";
import type { Source } from "../syntax/source.ts";
import { ShellError } from "./outcome.ts";
import { makePipe } from "./pipeline.ts";
import { runInSubshell } from "./subshell.ts";

/** Highest descriptor for process substitution, as in bash; the next ones count down. */
const SUBSTITUTION_FD = 63;

/** `$(…)`: what the script writes, without the line feeds at its end. */
export async function substitute(shell: Shell, script: Script, source: Source): Promise<string> {
  const bytes = (await readFileShortcut(shell, script)) ?? (await capture(shell, script, source));
  const text = new TextDecoder().decode(bytes.slice());
  return text.replaceAll("\0", "").replace(/\n+$/, "");
}

async function capture(shell: Shell, script: Script, source: Source): Promise<Uint8Array> {
  const output = new Capture(shell.process.system);
  const child = shell.subshell();
  child.descriptors.set(1, new Handle(output));
  child.source = source;
  child.traceDepth++;
  if (!shell.options.shopt.has("inherit_errexit") && !shell.isOn("posix"))
    child.options.set.delete("errexit");
  const running = runInSubshell(child, () =>
    shell.process.interpreter.statements(child, script.commands),
  );
  const [status, bytes] = await Promise.all([running, output.bytes()]);
  shell.substitutionStatus = status;
  shell.status = status;
  return bytes;
}

/** `$(<file)` */
async function readFileShortcut(shell: Shell, script: Script): Promise<Uint8Array | null> {
  const [statement, ...others] = script.commands;
  const command = statement?.command;
  if (others.length > 0 || command?.type !== "Command" || command.name !== undefined) return null;
  const [redirect] = command.redirects;
  if (command.prefix.length !== 1 || redirect?.type !== "Redirect" || redirect.operator !== "<")
    return null;
  if (redirect.target === undefined || redirect.descriptor !== undefined) return null;
  const name = await expandText(shell, redirect.target);
  shell.substitutionStatus = 0;
  try {
    if (name.startsWith("/dev/")) return await open(shell, name, "<").readAll();
    return await shell.process.system.call("readFile", resolvePath(shell.cwd, name));
  } catch (error) {
    shell.substitutionStatus = 1;
    await shell.report(
      error instanceof ShellError ? error.message : `${name}: ${errnoWords(error)}`,
    );
    return new Uint8Array();
  }
}

/** `<(…)` and `>(…)`: a path that stands for the other end of a pipe. */
export async function processSubstitution(
  shell: Shell,
  script: Script,
  source: Source,
  operator: "<" | ">",
): Promise<string> {
  const { reader, writer } = makePipe(shell);
  const child = shell.subshell();
  child.source = source;
  child.descriptors.set(operator === "<" ? 1 : 0, operator === "<" ? writer : reader);
  const ours = operator === "<" ? reader : writer;
  let fd = SUBSTITUTION_FD;
  while (shell.descriptors.get(fd) !== undefined) fd--;
  shell.descriptors.set(fd, ours);
  shell.substitutions.push(fd);
  reader.release();
  writer.release();
  const running = runInSubshell(child, () =>
    shell.process.interpreter.statements(child, script.commands),
  );
  shell.process.lingering.add(running);
  void running.then((status) => {
    shell.process.lingering.delete(running);
    return status;
  });
  return `/dev/fd/${fd}`;
}
