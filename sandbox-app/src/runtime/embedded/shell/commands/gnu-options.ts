export interface GnuSpec {
  /** Letters; a colon after one: takes an argument, two: may have one attached. */
  readonly letters: string;
  /** Long names with the letter that means the same, or with a key of their own written as letters are. */
  readonly long?: Readonly<Record<string, string>>;
  /** Whether the first operand ends the options: what follows is another command's. */
  readonly stopsAtOperand?: boolean;
}

export interface GnuOptions {
  /** Argument of each option that was given, empty for those without one; the last one wins. */
  readonly given: ReadonlyMap<string, string>;
  /** All of them in order, for options that may come more than once. */
  readonly order: readonly (readonly [string, string])[];
  readonly operands: readonly string[];
  /** What is wrong with the options, as getopt words it; null when nothing is. */
  readonly unknown: string | null;
}

/** Takes options apart as GNU's getopt_long does (getopt(3)). */
export function gnuOptions(args: readonly string[], spec: GnuSpec): GnuOptions {
  const parser = new Parser(args, spec);
  const unknown = parser.run();
  const { order, operands } = parser;
  return { given: new Map(order), order, operands, unknown };
}

type Takes = "nothing" | "argument" | "attached";

/** @param key a letter among the letters, or a word that is all of the spec but its colons */
function takes(spec: string, key: string): Takes | null {
  const at = key === ":" ? -1 : spec.indexOf(key);
  if (at === -1) return null;
  if (spec.startsWith("::", at + key.length)) return "attached";
  return spec.charAt(at + key.length) === ":" ? "argument" : "nothing";
}

class Parser {
  readonly order: [string, string][] = [];
  readonly operands: string[] = [];
  readonly #rest: string[];
  readonly #spec: GnuSpec;

  constructor(args: readonly string[], spec: GnuSpec) {
    this.#rest = [...args];
    this.#spec = spec;
  }

  run(): string | null {
    for (let arg = this.#rest.shift(); arg !== undefined; arg = this.#rest.shift()) {
      if (arg === "--") {
        this.operands.push(...this.#rest);
        return null;
      }
      if (!/^-./.test(arg)) {
        this.operands.push(arg);
        if (this.#spec.stopsAtOperand !== true) continue;
        this.operands.push(...this.#rest);
        return null;
      }
      const wrong = arg.startsWith("--") ? this.#long(arg) : this.#letters(arg);
      if (wrong !== null) return wrong;
    }
    return null;
  }

  #long(arg: string): string | null {
    const { long = {} } = this.#spec;
    const [, typed = "", value] = /^--([^=]*)(?:=(.*))?$/s.exec(arg) ?? [];
    const known = Object.keys(long).filter((name) => name.startsWith(typed));
    const name = known.includes(typed) || known.length > 1 ? typed : known[0];
    if (name === undefined) return `unrecognized option '--${typed}'`;
    if (!known.includes(name)) return `option '--${typed}' is ambiguous`;
    return this.#takeLong(name, long[name] ?? "", value);
  }

  #takeLong(name: string, spec: string, value: string | undefined): string | null {
    const key = spec.replace(/:+$/, "");
    const kind = takes(key.length === 1 ? this.#spec.letters : spec, key) ?? takes(spec, key);
    if (kind === "nothing" && value !== undefined)
      return `option '--${name}' doesn't allow an argument`;
    const given = value ?? (kind === "argument" ? this.#rest.shift() : "");
    if (given === undefined) return `option '--${name}' requires an argument`;
    this.order.push([key, given]);
    return null;
  }

  #letters(arg: string): string | null {
    for (let at = 1; at < arg.length; at++) {
      const letter = arg.charAt(at);
      const kind = takes(this.#spec.letters, letter);
      if (kind === null) return `invalid option -- '${letter}'`;
      if (kind === "nothing") {
        this.order.push([letter, ""]);
        continue;
      }
      const attached = arg.slice(at + 1);
      const value =
        attached !== "" || kind === "attached" ? attached : (this.#rest.shift() ?? null);
      if (value === null) return `option requires an argument -- '${letter}'`;
      this.order.push([letter, value]);
      return null;
    }
    return null;
  }
}
