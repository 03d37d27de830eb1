import { type Command, complain } from "./command.ts";
import { gnuOptions } from "./gnu-options.ts";
import { decodeText, encodeText } from "./text/encoding.ts";

const classes: Readonly<Record<string, RegExp>> = {
  alnum: /[A-Za-z0-9]/,
  alpha: /[A-Za-z]/,
  blank: /[ \t]/,
  // oxlint-disable-next-line no-control-regex -- the class of them
  cntrl: /[\0-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[ \t\n\v\f\r]/,
  upper: /[A-Z]/,
  xdigit: /[0-9A-Fa-f]/,
};

const escapes: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

class SetError extends Error {}

/** A character of a set, and whether a `-` beside it is only a character. */
interface Unit {
  readonly char: string;
  readonly isEscaped: boolean;
}

const tokens = /\[:(\w+):\]|\[=(.)=\]|\[(\\?.)\*(\d*)\]|\\([0-7]{1,3})|\\(.)|([^])/gsu;

function classUnits(name: string): Unit[] {
  const found = classes[name];
  if (found === undefined) throw new SetError(`invalid character class '${name}'`);
  const chars = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
  return chars.filter((char) => found.test(char)).map((char) => ({ char, isEscaped: true }));
}

/** The characters of a set; `[x*]` repeats up to `length`. */
function expand(set: string, length = 0): string[] {
  let fill: { at: number; char: string } | null = null;
  const units: Unit[] = [];
  for (const [, name, same, repeated, count, octal, escape, plain] of set.matchAll(tokens)) {
    if (name !== undefined) units.push(...classUnits(name));
    else if (repeated !== undefined) {
      const char = repeated.replace("\\", "");
      if (count === "" || count === undefined) fill = { at: units.length, char };
      else units.push(...Array.from({ length: Number(count) }, () => ({ char, isEscaped: true })));
    } else if (octal !== undefined)
      units.push({ char: String.fromCharCode(Number.parseInt(octal, 8)), isEscaped: true });
    else if (escape !== undefined) units.push({ char: escapes[escape] ?? escape, isEscaped: true });
    else units.push({ char: same ?? plain ?? "", isEscaped: same !== undefined });
  }
  const chars = ranged(units);
  if (fill === null) return chars;
  const { at, char } = fill;
  const missing = Array.from({ length: Math.max(0, length - chars.length) }, () => char);
  return [...chars.slice(0, at), ...missing, ...chars.slice(at)];
}

/** With `a-z` written out. */
function ranged(units: readonly Unit[]): string[] {
  const chars: string[] = [];
  for (let at = 0; at < units.length; at++) {
    const [from, dash, to] = [units[at], units[at + 1], units[at + 2]];
    if (from === undefined) break;
    if (dash?.char !== "-" || dash.isEscaped || to === undefined) {
      chars.push(from.char);
      continue;
    }
    const [low, high] = [from.char.codePointAt(0) ?? 0, to.char.codePointAt(0) ?? 0];
    if (low > high)
      throw new SetError(
        `range-endpoints of '${from.char}-${to.char}' are in reverse collating sequence order`,
      );
    for (let code = low; code <= high; code++) chars.push(String.fromCodePoint(code));
    at += 2;
  }
  return chars;
}

/** What becomes of one character: null removes it. */
type Change = (char: string) => string | null;

export const tr: Command = async (call) => {
  const { shell } = call;
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "cCdst",
    long: { complement: "c", delete: "d", "squeeze-repeats": "s", "truncate-set1": "t" },
    stopsAtOperand: true,
  });
  if (unknown !== null) return complain(call, unknown);
  const wrong = wrongOperands(given, operands);
  if (wrong !== null) return complain(call, wrong);
  try {
    const { change, squeezed } = plan(given, operands);
    const input = shell.descriptors.get(0);
    let last = "";
    for (;;) {
      const chunk = (await shell.untilAborted(input?.read() ?? Promise.resolve(null))) ?? null;
      if (chunk === null || chunk.byteLength === 0) return 0;
      let text = "";
      for (const char of decodeText(chunk)) {
        const changed = change(char);
        if (changed === null || (changed === last && squeezed(changed))) continue;
        text += changed;
        last = changed;
      }
      await shell.write(1, encodeText(text));
    }
  } catch (error) {
    if (error instanceof SetError) return complain(call, error.message);
    throw error;
  }
};

function wrongOperands(
  given: ReadonlyMap<string, string>,
  operands: readonly string[],
): string | null {
  const [first, second, third] = operands;
  if (first === undefined) return "missing operand";
  const takesOne = given.has("d") !== given.has("s");
  if (second === undefined && !takesOne) return `missing operand after '${first}'`;
  const extra = given.has("d") && !given.has("s") ? second : third;
  return extra === undefined ? null : `extra operand '${extra}'`;
}

function plan(given: ReadonlyMap<string, string>, [first = "", second]: readonly string[]) {
  const from = expand(first);
  const isComplement = given.has("c") || given.has("C");
  const set = new Set(from);
  const isIn = (char: string): boolean => set.has(char) !== isComplement;
  const to = second === undefined ? [] : expand(second, from.length);
  const squeezes = new Set(to);
  const squeezed = (char: string): boolean =>
    given.has("s") && (second === undefined ? isIn(char) : squeezes.has(char));
  let change: Change = (char) => char;
  if (given.has("d")) change = (char) => (isIn(char) ? null : char);
  else if (second !== undefined) {
    if (to.length === 0) throw new SetError("when not truncating set1, string2 must be non-empty");
    const last = to.at(-1) ?? "";
    const map = new Map(
      from.map((char, index) => [char, to[index] ?? (given.has("t") ? char : last)]),
    );
    change = isComplement
      ? (char) => (set.has(char) ? char : last)
      : (char) => map.get(char) ?? char;
  }
  return { change, squeezed };
}
