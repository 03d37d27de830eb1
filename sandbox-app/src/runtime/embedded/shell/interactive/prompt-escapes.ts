import { HOME, USER } from "../../kernel/layout.ts";
import { formatTime } from "../builtins/format-time.ts";
import { expandBodyText } from "../expand/word.ts";
import type { Shell } from "../state/shell.ts";

const HOST = "disco";

/** A prompt as it is shown (bash manual, "Controlling the Prompt"): escapes first, then expansions. */
export async function promptText(shell: Shell, text: string): Promise<string> {
  const decoded = text.replaceAll(
    /\\(?:D\{([^}]*)\}|([0-7]{3})|(.))/gs,
    (_, format?: string, octal?: string, letter?: string) => {
      if (format !== undefined) return formatTime(format, new Date());
      if (octal !== undefined) return String.fromCharCode(parseInt(octal, 8));
      return decodeLetter(shell, letter ?? "");
    },
  );
  const { status, substitutionStatus } = shell;
  const expanded = shell.options.shopt.has("promptvars")
    ? await expandBodyText(shell, decoded)
    : decoded;
  Object.assign(shell, { status, substitutionStatus });
  return expanded;
}

function decodeLetter(shell: Shell, letter: string): string {
  const time = (format: string): string => formatTime(format, new Date());
  const directory = (): string => {
    const home = shell.variables.get("HOME") ?? HOME;
    return shell.cwd === home || shell.cwd.startsWith(`${home}/`)
      ? `~${shell.cwd.slice(home.length)}`
      : shell.cwd;
  };
  const values: Readonly<Record<string, () => string>> = {
    a: () => "\x07",
    d: () => time("%a %b %d"),
    e: () => "\x1b",
    h: () => HOST,
    H: () => HOST,
    j: () => String(shell.jobs.all().length),
    l: () => "tty",
    n: () => "\n",
    r: () => "\r",
    s: () => "bash",
    t: () => time("%H:%M:%S"),
    T: () => time("%I:%M:%S"),
    "@": () => time("%I:%M %p"),
    A: () => time("%H:%M"),
    u: () => USER,
    v: () => "5.2",
    V: () => "5.2.15",
    w: directory,
    W: () =>
      directory() === "~" || shell.cwd === "/" ? directory() : (shell.cwd.split("/").at(-1) ?? ""),
    "!": () => String(shell.process.history.length + 1),
    "#": () => String(shell.process.history.length + 1),
    $: () => "$",
    "\\": () => "\\\\",
    // What takes no room on the screen needs no marks: the line editor knows it.
    "[": () => "",
    "]": () => "",
  };
  return values[letter]?.() ?? `\\${letter}`;
}
