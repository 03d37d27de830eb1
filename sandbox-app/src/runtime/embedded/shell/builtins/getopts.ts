import type { Shell } from "../state/shell.ts";
import { type Builtin, fail, identifier } from "./builtin.ts";

/** `getopts optstring name [arg …]` (POSIX.1-2017, getopts). */
export const getopts: Builtin = async (call) => {
  const { shell, args } = call;
  const [spec, name, ...given] = args;
  if (spec === undefined || name === undefined) {
    await shell.complain("getopts: usage: getopts optstring name [arg ...]\n");
    return 2;
  }
  if (!identifier.test(name)) return fail(call, `\`${name}': not a valid identifier`);
  const words = given.length > 0 ? given : shell.parameters;
  const found = next(shell, spec, words);
  shell.variables.unset("OPTARG");
  if (found === null) {
    shell.variables.set(name, "?");
    return 1;
  }
  const isSilent = spec.startsWith(":");
  if (found.fault === null) {
    shell.variables.set(name, found.letter);
    if (found.argument !== null) shell.variables.set("OPTARG", found.argument);
    return 0;
  }
  shell.variables.set(name, found.fault === "missing" && isSilent ? ":" : "?");
  if (isSilent) shell.variables.set("OPTARG", found.letter);
  else if (shell.variables.get("OPTERR") !== "0") {
    const what = found.fault === "missing" ? "option requires an argument" : "illegal option";
    await shell.complain(`${shell.name}: ${what} -- ${found.letter}\n`);
  }
  return 0;
};

interface Found {
  readonly letter: string;
  readonly argument: string | null;
  readonly fault: "missing" | "unknown" | null;
}

function next(shell: Shell, spec: string, words: readonly string[]): Found | null {
  const index = Number(shell.variables.get("OPTIND") ?? "1") || 1;
  const word = words[index - 1];
  const offset = shell.getoptsOffset;
  if (word === undefined || !/^-./.test(word) || word === "--") {
    advance(shell, word === "--" ? index + 1 : index, 1);
    return null;
  }
  const letter = word.charAt(offset);
  const place = letter === ":" ? -1 : spec.indexOf(letter);
  const isLast = offset + 1 >= word.length;
  if (place === -1 || spec.charAt(place + 1) !== ":") {
    advance(shell, isLast ? index + 1 : index, isLast ? 1 : offset + 1);
    return { letter, argument: null, fault: place === -1 ? "unknown" : null };
  }
  advance(shell, isLast ? index + 2 : index + 1, 1);
  return withArgument(letter, isLast ? words[index] : word.slice(offset + 1));
}

function withArgument(letter: string, argument: string | undefined): Found {
  if (argument === undefined) return { letter, argument: null, fault: "missing" };
  return { letter, argument, fault: null };
}

function advance(shell: Shell, index: number, offset: number): void {
  shell.variables.set("OPTIND", String(index));
  shell.getoptsOffset = offset;
}
