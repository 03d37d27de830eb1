import { usage } from "./failure.ts";

type Kind = "flag" | "value" | "optional";

interface Option {
  /** The long name, or the letter where there is no long one. */
  readonly name: string;
  readonly kind: Kind;
}

/**
 * The options of one command, each as its names: `a|all` is a flag, `m|message=` takes a value, and
 * `abbrev=?` may have one behind an equals sign or glued to its letter.
 */
export class OptionTable {
  readonly #byName = new Map<string, Option>();

  constructor(described: string) {
    for (const word of described.trim().split(/\s+/)) {
      const [, names = "", sign] = /^([^=]+)(=\??)?$/.exec(word) ?? [];
      const kind = sign === undefined ? "flag" : sign === "=" ? "value" : "optional";
      const all = names.split("|");
      const name = all.find(({ length }) => length > 1) ?? names;
      for (const one of all) this.#byName.set(one, { name, kind });
    }
  }

  letter(letter: string): Option | undefined {
    return this.#byName.get(letter);
  }

  /** A long name, or the only one that begins so. */
  long(said: string): Option | undefined {
    const exact = said.length > 1 ? this.#byName.get(said) : undefined;
    if (exact !== undefined) return exact;
    const candidates = [...this.#byName.keys()].filter(
      (name) => name.length > 1 && name.startsWith(said),
    );
    return candidates.length === 1 ? this.#byName.get(candidates[0] ?? "") : undefined;
  }
}

/** A command line as it was understood. */
export class Arguments {
  /** Words that are no options, those behind `--` as well. */
  readonly words: string[] = [];
  /** How many of the words stand before `--`; null when it was not said. */
  dashesAt: number | null = null;
  readonly #said = new Map<string, string[]>();

  add(name: string, value: string): void {
    this.#said.set(name, [...(this.#said.get(name) ?? []), value]);
  }

  has(name: string): boolean {
    return this.#said.has(name);
  }

  count(name: string): number {
    return this.values(name).length;
  }

  /** The last one that was said. */
  value(name: string): string | undefined {
    return this.#said.get(name)?.at(-1);
  }

  values(name: string): readonly string[] {
    return this.#said.get(name) ?? [];
  }

  get before(): readonly string[] {
    return this.words.slice(0, this.dashesAt ?? this.words.length);
  }

  get after(): readonly string[] {
    return this.dashesAt === null ? [] : this.words.slice(this.dashesAt);
  }
}

/**
 * Reads options wherever they stand, as git does.
 *
 * @throws GitFailure for an option that is not in the table, with git's exit code 129
 */
export function parseArguments(table: OptionTable, args: readonly string[]): Arguments {
  const found = new Arguments();
  const rest = [...args];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === "--") {
      found.dashesAt = found.words.length;
      found.words.push(...rest);
      break;
    }
    if (word.startsWith("--")) readLong(table, word.slice(2), rest, found);
    else if (word.startsWith("-") && word.length > 1) readLetters(table, word, rest, found);
    else found.words.push(word);
  }
  return found;
}

function readLong(table: OptionTable, said: string, rest: string[], found: Arguments): void {
  const [, name = "", glued] = /^([^=]*)(?:=(.*))?$/s.exec(said) ?? [];
  const option = table.long(name);
  if (option === undefined) throw usage(`error: unknown option \`${said}'`);
  if (option.kind === "flag" && glued !== undefined)
    throw usage(`error: option \`${option.name}' takes no value`);
  if (option.kind !== "value") return found.add(option.name, glued ?? "");
  const value = glued ?? rest.shift();
  if (value === undefined) throw usage(`error: option \`${option.name}' requires a value`);
  return found.add(option.name, value);
}

function readLetters(table: OptionTable, word: string, rest: string[], found: Arguments): void {
  // `-3` is `-n 3` to those that know a number.
  const number = /^-(\d+)$/.exec(word)?.[1];
  if (number !== undefined && table.letter("n") !== undefined)
    return found.add(table.letter("n")?.name ?? "n", number);
  for (let at = 1; at < word.length; at += 1) {
    const letter = word.charAt(at);
    const option = table.letter(letter);
    if (option === undefined) throw usage(`error: unknown switch \`${letter}'`);
    if (option.kind === "flag") {
      found.add(option.name, "");
      continue;
    }
    const glued = word.slice(at + 1);
    const value = glued !== "" || option.kind === "optional" ? glued : rest.shift();
    if (value === undefined) throw usage(`error: switch \`${letter}' requires a value`);
    return found.add(option.name, value);
  }
  return undefined;
}
