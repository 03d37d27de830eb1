import { resolvePath } from "../../kernel/path.ts";
import { builtins } from "../builtins/table.ts";
import { HOME } from "../../kernel/layout.ts";
import { backslashed } from "../expand/quote.ts";
import type { Shell } from "../state/shell.ts";

export interface Completion {
  /** To be typed at the cursor. */
  readonly insert: string;
  /** What to show when there are several. */
  readonly choices: readonly string[];
}

/** Completes the word before the cursor: a command where one stands, else a path. */
export function complete(shell: Shell, before: string): Completion {
  const word = /(?:[^\s;&|()<>"'\\]|\\.)*$/s.exec(before)?.[0] ?? "";
  const lead = before.slice(0, before.length - word.length);
  const typed = word.replaceAll(/\\(.)/gs, "$1");
  if (typed.startsWith("$")) return finish(typed, variablesFrom(shell, typed));
  const script = npmWordsFrom(shell, lead, typed);
  if (script !== null) return finish(typed, script);
  const isCommand =
    /(?:^|[;&|(]|\b(?:then|do|else|sudo|time|!))\s*$/.test(lead) && !typed.includes("/");
  if (isCommand) return finish(typed, commandsFrom(shell, typed));
  const paths = pathsFrom(shell, typed);
  const wantsDirectory = /(?:^|[;&|]\s*)(?:cd|pushd|rmdir)\s+$/.test(lead);
  return finish(typed, wantsDirectory ? paths.filter((path) => path.endsWith("/")) : paths);
}

const npmCommands =
  "ci config exec init install list ls outdated pack pkg run start test uninstall update version view".split(
    " ",
  );

/** Words after `npm`: its commands, and the scripts of package.json; null elsewhere. */
function npmWordsFrom(shell: Shell, lead: string, typed: string): string[] | null {
  const match = /(?:^|[;&|]\s*)npm\s+(run(?:-script)?\s+)?$/.exec(lead);
  if (match === null) return null;
  const words = match[1] === undefined ? npmCommands : scriptsOf(shell);
  return words.filter((word) => word.startsWith(typed));
}

function scriptsOf(shell: Shell): string[] {
  try {
    const bytes = shell.process.system.callSync("readFile", resolvePath(shell.cwd, "package.json"));
    const parsed = JSON.parse(new TextDecoder().decode(bytes)) as { scripts?: unknown } | null;
    // Their names are all that is shown, so there is no schema, which every shell would have to load.
    const scripts = parsed?.scripts;
    return typeof scripts === "object" && scripts !== null ? Object.keys(scripts) : [];
  } catch {
    return [];
  }
}

function finish(typed: string, found: readonly string[]): Completion {
  const matches = [...new Set(found)].toSorted();
  const [first] = matches;
  if (first === undefined) return { insert: "", choices: [] };
  let common = first;
  for (const match of matches) while (!match.startsWith(common)) common = common.slice(0, -1);
  const rest = common.slice(typed.length);
  const quoted = rest === "" ? "" : backslashed(`x${rest}`).slice(1);
  if (matches.length > 1) return { insert: quoted, choices: matches.map(shownName) };
  return { insert: first.endsWith("/") ? quoted : `${quoted} `, choices: [] };
}

function shownName(match: string): string {
  return match.replace(/^.*\/(?=.)/, "");
}

function variablesFrom(shell: Shell, typed: string): string[] {
  return shell.variables
    .visible()
    .map(([name]) => `$${name}`)
    .filter((name) => name.startsWith(typed));
}

function commandsFrom(shell: Shell, typed: string): string[] {
  const names = [...builtins.keys(), ...shell.functions.keys(), ...shell.aliases.keys()];
  for (const directory of (shell.variables.get("PATH") ?? "").split(":")) {
    names.push(...entries(shell, resolvePath(shell.cwd, directory)).map(({ name }) => name));
  }
  return names.filter((name) => name.startsWith(typed));
}

function pathsFrom(shell: Shell, typed: string): string[] {
  const at = typed.lastIndexOf("/") + 1;
  const [directory, name] = [typed.slice(0, at), typed.slice(at)];
  const place = directory.startsWith("~/")
    ? (shell.variables.get("HOME") ?? HOME) + directory.slice(1)
    : directory;
  return entries(shell, resolvePath(shell.cwd, place === "" ? "." : place))
    .filter(
      (entry) =>
        entry.name.startsWith(name) && (name.startsWith(".") || !entry.name.startsWith(".")),
    )
    .map((entry) => `${directory}${entry.name}${entry.type === "directory" ? "/" : ""}`);
}

function entries(shell: Shell, path: string): { name: string; type: string }[] {
  try {
    return shell.process.system.callSync("readdir", path);
  } catch {
    return [];
  }
}
