/** How a filter of just-bash takes its operands. */
interface Filter {
  /** Letters of options that take an argument. */
  readonly valued: string;
  /** Operands before the files: a pattern, a program. */
  readonly leading: number;
  /** Options that stand for the leading operand (`grep -e`). */
  readonly instead?: RegExp;
  /** Options after which there is no input at all. */
  readonly never?: RegExp;
  /** Long options that take arguments, with how many. */
  readonly long?: Readonly<Record<string, number>>;
}

const plain: Filter = { valued: "", leading: 0 };

const filters: Readonly<Record<string, Filter>> = {
  column: { valued: "sco", leading: 0 },
  comm: plain,
  expand: { valued: "t", leading: 0 },
  fold: { valued: "w", leading: 0 },
  "html-to-markdown": plain,
  join: { valued: "12tjoaev", leading: 0 },
  jq: {
    valued: "fL",
    leading: 1,
    instead: /^-\w*f|^--from-file/,
    never: /^-\w*n|^--null-input/,
    long: {
      "--arg": 2,
      "--argjson": 2,
      "--slurpfile": 2,
      "--rawfile": 2,
      "--indent": 1,
      "--tab": 0,
    },
  },
  nl: { valued: "bdfhilnsvw", leading: 0 },
  rev: plain,
  rg: { valued: "efgtTABCmjMr", leading: 1, instead: /^-[ef]/, never: /^--files/ },
  split: { valued: "lban", leading: 0 },
  strings: { valued: "nt", leading: 0 },
  tac: { valued: "s", leading: 0 },
  unexpand: { valued: "t", leading: 0 },
};

/**
 * Whether a command of just-bash reads standard input. It takes input as a whole before it starts:
 * one that does not read it must neither wait for it nor take it away from its neighbours.
 */
export function readsInput(name: string, args: readonly string[]): boolean {
  const filter = filters[name];
  if (filter === undefined) return false;
  if (args.some((arg) => filter.never?.test(arg) === true)) return false;
  const operands = operandsOf(args, filter);
  if (operands.includes("-") || operands.includes("/dev/stdin")) return true;
  const isInstead = args.some((arg) => filter.instead?.test(arg) === true);
  return operands.length <= (isInstead ? 0 : filter.leading);
}

function operandsOf(args: readonly string[], { valued, long = {} }: Filter): string[] {
  const operands: string[] = [];
  for (let at = 0; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (arg === "--") return [...operands, ...args.slice(at + 1)];
    if (arg.startsWith("--")) at += long[arg] ?? 0;
    else if (/^-./.test(arg)) {
      const letter = Array.from(arg.slice(1)).findIndex((char) => valued.includes(char));
      // `-k 2` takes the next word, `-k2` has its argument with it.
      if (letter !== -1 && letter === arg.length - 2) at++;
    } else operands.push(arg);
  }
  return operands;
}
