/** The flags of npm that mean something here (npm, config). Others are taken and have no effect. */
const SHORT: Readonly<Record<string, readonly string[]>> = {
  D: ["save-dev"],
  E: ["save-exact"],
  O: ["save-optional"],
  P: ["save-prod"],
  S: ["save"],
  B: ["save-bundle"],
  g: ["global"],
  f: ["force"],
  y: ["yes"],
  a: ["all"],
  l: ["long"],
  s: ["loglevel=silent"],
  q: ["loglevel=warn"],
  d: ["loglevel=info"],
  c: ["call"],
  p: ["package"],
  w: ["workspace"],
  v: ["version"],
  h: ["help"],
  "?": ["help"],
};

/** Flags that take the next word as their value. */
const VALUED = new Set([
  "call",
  "package",
  "workspace",
  "loglevel",
  "omit",
  "include",
  "depth",
  "tag",
  "registry",
  "prefix",
  "save-prefix",
  "pack-destination",
  "script-shell",
  "userconfig",
  "cache",
  "before",
  "only",
  "scope",
  "init-type",
]);

const LONG_ALIASES: Readonly<Record<string, readonly [string, string]>> = {
  production: ["omit", "dev"],
  silent: ["loglevel", "silent"],
  quiet: ["loglevel", "warn"],
  verbose: ["loglevel", "verbose"],
  parseable: ["parseable", "true"],
};

/** A command line, read as npm reads it. */
export interface CommandLine {
  /** Words that are no flags. */
  readonly words: readonly string[];
  /** Words after `--`. */
  readonly rest: readonly string[];
  /** Values by flag; a flag without a value is `true`, after `no-` it is `false`. */
  readonly flags: ReadonlyMap<string, readonly string[]>;
}

/**
 * @param stopAfter npm's exec and run hand on what follows their words; flags behind that many words
 *   are not npm's
 */
export function parseCommandLine(
  args: readonly string[],
  stopAfter = Number.POSITIVE_INFINITY,
): CommandLine {
  const words: string[] = [];
  const flags = new Map<string, string[]>();
  const set = (name: string, value: string): void => {
    const [to, fixed] = LONG_ALIASES[name] ?? [name, value];
    flags.set(to, [...(flags.get(to) ?? []), fixed]);
  };
  let at = 0;
  for (; at < args.length; at += 1) {
    const arg = args[at] ?? "";
    if (arg === "--") return { words, rest: args.slice(at + 1), flags };
    if (!arg.startsWith("-") || arg === "-") {
      words.push(arg);
      if (words.length >= stopAfter) return { words, rest: args.slice(at + 1), flags };
      continue;
    }
    for (const [name, value] of readFlag(arg)) {
      const takesNext = value === undefined && VALUED.has(name);
      if (takesNext) at += 1;
      set(name, value ?? (takesNext ? (args[at] ?? "") : "true"));
    }
  }
  return { words, rest: [], flags };
}

function readFlag(arg: string): [string, string | undefined][] {
  if (!arg.startsWith("--"))
    return arg
      .slice(1)
      .split("")
      .flatMap((letter) => shortFlag(letter));
  const text = arg.slice(2);
  const equals = text.indexOf("=");
  if (equals !== -1) return [[text.slice(0, equals), text.slice(equals + 1)]];
  return text.startsWith("no-") ? [[text.slice(3), "false"]] : [[text, undefined]];
}

function shortFlag(letter: string): [string, string | undefined][] {
  return (SHORT[letter] ?? [letter]).map((long) => {
    const [name = "", value] = long.split("=");
    return [name, value];
  });
}
