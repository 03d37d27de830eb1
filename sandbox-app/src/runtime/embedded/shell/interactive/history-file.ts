import { HOME } from "../../kernel/layout.ts";
import type { Shell } from "../state/shell.ts";

/** Lines kept, as bash does by default (HISTSIZE). */
const HISTORY_MAX = 500;

function historyPath(shell: Shell): string {
  return shell.variables.get("HISTFILE") ?? `${shell.variables.get("HOME") ?? HOME}/.bash_history`;
}

/** Lines of earlier sessions; none when there is no file. */
export async function loadHistory(shell: Shell): Promise<void> {
  try {
    const bytes = await shell.process.system.call("readFile", historyPath(shell));
    const lines = new TextDecoder()
      .decode(bytes.slice())
      .split("\n")
      .filter((line) => line !== "");
    shell.process.history.push(...lines.slice(-HISTORY_MAX));
    // Each command is added at the end: the file is cut when it has grown to twice as much.
    if (lines.length > HISTORY_MAX * 2) {
      const kept = new TextEncoder().encode(`${lines.slice(-HISTORY_MAX).join("\n")}\n`);
      await shell.process.system.call("writeFile", historyPath(shell), kept);
    }
  } catch {
    // The first session has no history.
  }
}

/** Adds a command at once: a tab that closes gives no time at the end. */
export async function rememberCommand(shell: Shell, source: string): Promise<void> {
  if (source.startsWith(" ") || shell.process.history.at(-1) === source) return;
  shell.process.history.push(source);
  const bytes = new TextEncoder().encode(`${source}\n`);
  try {
    await shell.process.system.call("writeFile", historyPath(shell), bytes, { append: true });
  } catch {
    // Without a file there is still the history of this session.
  }
}
