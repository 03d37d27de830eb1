/** What a process is to run, in the shell's terms. */
export type Plan =
  /** A script: `args` become `$1`, `$2`, …; `options` are letters for `set`. */
  | {
      readonly kind: "script";
      readonly source: ScriptSource;
      readonly name: string;
      readonly args: readonly string[];
      readonly options: string;
    }
  /** One program by name; its arguments never pass a parser. */
  | { readonly kind: "program"; readonly name: string; readonly args: readonly string[] }
  | { readonly kind: "version" }
  | { readonly kind: "refused"; readonly message: string };

export type ScriptSource =
  | { readonly from: "text"; readonly text: string }
  | { readonly from: "file"; readonly path: string }
  | { readonly from: "input" };

/** Flags of bash that change nothing here: there are no start-up files, and no job control. */
const ignoredFlags = new Set(["--login", "--noprofile", "--norc", "--posix", "-l", "-i"]);

/**
 * Plans a process from what was found on PATH.
 *
 * @param program absolute path; below /bin and /usr/bin stand the shell's own programs
 */
export function planOf(program: string, argv: readonly string[]): Plan {
  const [name = "", ...args] = argv;
  const ownProgram = /^\/(?:usr\/)?bin\/([^/]+)$/.exec(program)?.[1];
  if (ownProgram === "bash" || ownProgram === "sh") return planOfBash(name, args);
  if (ownProgram !== undefined) return { kind: "program", name: ownProgram, args };
  return scriptPlan({ from: "file", path: program }, name, args, "");
}

function planOfBash(name: string, args: readonly string[]): Plan {
  const rest = [...args];
  let options = "";
  let isCommand = false;
  while (/^[-+]/.test(rest[0] ?? "")) {
    const flag = rest.shift() ?? "";
    if (flag === "--" || flag === "-") break;
    if (flag === "--version") return { kind: "version" };
    if (ignoredFlags.has(flag)) continue;
    const letters = /^-([abcefhilmnprstuvxBCEHPT]+)$/.exec(flag)?.[1];
    if (letters === undefined) {
      return { kind: "refused", message: `bash: ${flag}: invalid option\n` };
    }
    isCommand ||= letters.includes("c");
    options += letters.replaceAll(/[^aefnuvxC]/g, "");
  }
  const [first, ...others] = rest;
  if (isCommand) {
    if (first === undefined) {
      return { kind: "refused", message: "bash: -c: option requires an argument\n" };
    }
    const [zero = name, ...positional] = others;
    return scriptPlan({ from: "text", text: first }, zero, positional, options);
  }
  if (first === undefined) return scriptPlan({ from: "input" }, name, [], options);
  return scriptPlan({ from: "file", path: first }, first, others, options);
}

function scriptPlan(
  source: ScriptSource,
  name: string,
  args: readonly string[],
  options: string,
): Plan {
  return { kind: "script", source, name, args, options };
}
