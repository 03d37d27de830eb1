export interface GnuSpec {
  /** Letters, those that take an argument followed by a colon. */
  readonly letters: string;
  /** Long names with the letter that means the same. */
  readonly long?: Readonly<Record<string, string>>;
  /** Whether the first operand ends the options: what follows is another command's. */
  readonly stopsAtOperand?: boolean;
}

export interface GnuOptions {
  /** Argument of each option that was given, empty for those without one; the last one wins. */
  readonly given: ReadonlyMap<string, string>;
  readonly operands: readonly string[];
  /** An option that there is not; null when all are known. */
  readonly unknown: string | null;
}

/** Takes options apart as GNU's getopt_long does (getopt(3)). */
export function gnuOptions(args: readonly string[], spec: GnuSpec): GnuOptions {
  const given = new Map<string, string>();
  const operands: string[] = [];
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    if (arg === "--") return { given, operands: [...operands, ...rest], unknown: null };
    if (!/^-./.test(arg)) {
      operands.push(arg);
      if (spec.stopsAtOperand === true)
        return { given, operands: [...operands, ...rest], unknown: null };
    } else {
      const unknown = arg.startsWith("--")
        ? takeLong(arg, spec, given, rest)
        : takeLetters(arg, spec, given, rest);
      if (unknown !== null) return { given, operands, unknown };
    }
  }
  return { given, operands, unknown: null };
}

function takeLong(
  arg: string,
  { letters, long = {} }: GnuSpec,
  given: Map<string, string>,
  rest: string[],
): string | null {
  const [, name = "", value] = /^--([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
  const letter = long[name];
  if (letter === undefined) return name;
  const needsValue = letters.charAt(letters.indexOf(letter) + 1) === ":";
  given.set(letter, value ?? (needsValue ? (rest.shift() ?? "") : ""));
  return null;
}

function takeLetters(
  arg: string,
  { letters }: GnuSpec,
  given: Map<string, string>,
  rest: string[],
): string | null {
  for (let at = 1; at < arg.length; at++) {
    const letter = arg.charAt(at);
    const place = letters.indexOf(letter);
    if (place === -1 || letter === ":") return letter;
    if (letters.charAt(place + 1) === ":") {
      given.set(letter, at + 1 < arg.length ? arg.slice(at + 1) : (rest.shift() ?? ""));
      return null;
    }
    given.set(letter, "");
  }
  return null;
}
