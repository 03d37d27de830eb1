/** What a process named bash or sh is to run. */
export type Plan =
  /** A script: `args` become `$1`, `$2`, …; `options` are letters for `set`. */
  | {
      readonly kind: "script";
      readonly source: ScriptSource;
      readonly name: string;
      readonly args: readonly string[];
      readonly options: string;
      /** Names given with `-o`. */
      readonly longOptions: readonly string[];
      readonly isInteractive: boolean;
    }
  | { readonly kind: "version" }
  | { readonly kind: "refused"; readonly message: string };

export type ScriptSource =
  | { readonly from: "text"; readonly text: string }
  | { readonly from: "file"; readonly path: string }
  | { readonly from: "input" };

/** Flags of bash that change nothing here: there are no start-up files. */
const ignoredFlags = new Set(["--login", "--noprofile", "--norc", "--posix", "--noediting"]);

interface Flags {
  readonly letters: string;
  readonly longOptions: readonly string[];
  readonly rest: readonly string[];
}

function takeFlags(args: readonly string[]): Flags | Plan {
  const rest = [...args];
  const longOptions: string[] = [];
  let letters = "";
  while (/^[-+]/.test(rest[0] ?? "")) {
    const flag = rest.shift() ?? "";
    if (flag === "--" || flag === "-") break;
    if (flag === "--version") return { kind: "version" };
    if (ignoredFlags.has(flag)) continue;
    const found = /^[-+]([abcefhilmnoOprstuvxBCEHPT]+)$/.exec(flag)?.[1];
    if (found === undefined) return { kind: "refused", message: `bash: ${flag}: invalid option\n` };
    const name = /[oO]/.test(found) ? rest.shift() : undefined;
    if (found.includes("o") && name !== undefined) longOptions.push(name);
    if (flag.startsWith("-")) letters += found;
  }
  return { letters, longOptions, rest };
}

/** Plans a shell from its arguments, `argv[0]` first (bash manual, "Invoking Bash"). */
export function planOf(argv: readonly string[]): Plan {
  const [name = "bash", ...given] = argv;
  const flags = takeFlags(given);
  if ("kind" in flags) return flags;
  const { letters, longOptions, rest } = flags;
  const [first, ...others] = rest;
  const common = {
    kind: "script" as const,
    options: letters.replaceAll(/[^aefnuvxCE]/g, ""),
    longOptions,
    isInteractive: letters.includes("i"),
  };
  if (letters.includes("c")) {
    if (first === undefined)
      return { kind: "refused", message: "bash: -c: option requires an argument\n" };
    const [zero = name, ...args] = others;
    return { ...common, source: { from: "text", text: first }, name: zero, args };
  }
  if (first === undefined || letters.includes("s")) {
    return { ...common, source: { from: "input" }, name, args: rest };
  }
  return { ...common, source: { from: "file", path: first }, name: first, args: others };
}
