export interface OptionConfig {
  readonly type: "string" | "boolean";
  readonly short?: string;
  readonly multiple?: boolean;
  readonly default?: string | boolean | string[] | boolean[];
}

export type Token =
  | {
      readonly kind: "option";
      readonly name: string;
      readonly rawName: string;
      readonly index: number;
      readonly value: string | undefined;
      readonly inlineValue: boolean | undefined;
    }
  | { readonly kind: "positional"; readonly index: number; readonly value: string }
  | { readonly kind: "option-terminator"; readonly index: number };

type Options = Readonly<Record<string, OptionConfig>>;

function longNameOf(short: string, options: Options): string {
  return Object.entries(options).find(([, option]) => option.short === short)?.[0] ?? short;
}

/** Takes a command line apart as POSIX and GNU programs do: `-abc`, `-fvalue`, `--name=value`, `--`. */
export function tokenize(args: readonly string[], options: Options): Token[] {
  const tokens: Token[] = [];
  const waiting = args.map((text, index) => ({ text, index }));
  while (waiting.length > 0) {
    const { text, index } = waiting.shift() as { text: string; index: number };
    if (text === "--") {
      tokens.push({ kind: "option-terminator", index });
      for (const rest of waiting)
        tokens.push({ kind: "positional", index: rest.index, value: rest.text });
      break;
    }
    if (text.startsWith("--") && text.length > 2)
      tokens.push(longOption(text, index, options, waiting));
    else if (/^-[^-]/.test(text)) tokens.push(...shortOptions(text, index, options, waiting));
    else tokens.push({ kind: "positional", index, value: text });
  }
  return tokens;
}

type Waiting = { text: string; index: number }[];

function takeValue(waiting: Waiting): string | undefined {
  return waiting.length > 0 ? waiting.shift()?.text : undefined;
}

function longOption(text: string, index: number, options: Options, waiting: Waiting): Token {
  const equals = text.indexOf("=", 3);
  const name = text.slice(2, equals === -1 ? undefined : equals);
  const rawName = `--${name}`;
  if (equals !== -1) {
    return {
      kind: "option",
      name,
      rawName,
      index,
      value: text.slice(equals + 1),
      inlineValue: true,
    };
  }
  const value = options[name]?.type === "string" ? takeValue(waiting) : undefined;
  const inlineValue = value === undefined ? undefined : false;
  return { kind: "option", name, rawName, index, value, inlineValue };
}

function shortOptions(text: string, index: number, options: Options, waiting: Waiting): Token[] {
  const tokens: Token[] = [];
  for (let at = 1; at < text.length; at++) {
    const short = text[at] as string;
    const name = longNameOf(short, options);
    const rawName = `-${short}`;
    if (options[name]?.type !== "string") {
      tokens.push({
        kind: "option",
        name,
        rawName,
        index,
        value: undefined,
        inlineValue: undefined,
      });
      continue;
    }
    const inline = at + 1 < text.length;
    const value = inline ? text.slice(at + 1) : takeValue(waiting);
    const inlineValue = value === undefined ? undefined : inline;
    tokens.push({ kind: "option", name, rawName, index, value, inlineValue });
    break;
  }
  return tokens;
}
