import { invalidArgType, nodeError } from "../errors/node-error.ts";
import { validateObject, validateString } from "../errors/validate.ts";
import { type OptionConfig, tokenize, type Token } from "./parse-args-tokens.ts";

type Value = string | boolean;

interface Config {
  readonly args?: readonly string[];
  readonly options?: Readonly<Record<string, OptionConfig>>;
  readonly strict?: boolean;
  readonly allowPositionals?: boolean;
  readonly allowNegative?: boolean;
  readonly tokens?: boolean;
}

function checkOptions(options: Readonly<Record<string, OptionConfig>>): void {
  validateObject(options, "options");
  for (const [name, option] of Object.entries(options)) {
    validateObject(option, `options.${name}`);
    if (option.type !== "string" && option.type !== "boolean") {
      throw invalidArgType(`options.${name}.type`, "('string|boolean')", option.type);
    }
    if (option.short !== undefined) {
      validateString(option.short, `options.${name}.short`);
      if (option.short.length !== 1) {
        throw nodeError(
          "ERR_INVALID_ARG_VALUE",
          `The property 'options.${name}.short' must be a single character. Received '${option.short}'`,
          TypeError,
        );
      }
    }
  }
}

function checkToken(token: Token, config: Required<Omit<Config, "args">>): void {
  if (token.kind === "positional" && !config.allowPositionals) {
    throw nodeError(
      "ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL",
      `Unexpected argument '${token.value}'. This command does not take positional arguments`,
      TypeError,
    );
  }
  if (token.kind !== "option") return;
  const { name, rawName, value } = token;
  const option = Object.hasOwn(config.options, name)
    ? config.options[name]
    : config.allowNegative && name.startsWith("no-")
      ? config.options[name.slice(3)]
      : undefined;
  if (option === undefined) {
    const hint = config.allowPositionals
      ? `. To specify a positional argument starting with a '-', place it at the end of the command after '--', as in '-- "${rawName}"`
      : "";
    throw nodeError(
      "ERR_PARSE_ARGS_UNKNOWN_OPTION",
      `Unknown option '${rawName}'${hint}`,
      TypeError,
    );
  }
  const shown = `${option.short === undefined ? "" : `-${option.short}, `}--${name}`;
  if (option.type === "string" && typeof value !== "string") {
    throw badValue(`Option '${shown} <value>' argument missing`);
  }
  if (option.type === "boolean" && value !== undefined) {
    throw badValue(`Option '${shown}' does not take an argument`);
  }
  checkAmbiguous(token, option.type, shown);
}

function checkAmbiguous(token: Token & { kind: "option" }, type: string, shown: string): void {
  const { value, inlineValue, rawName, name } = token;
  if (type !== "string" || inlineValue === true || !value?.startsWith("-") || value === "-") return;
  const example = rawName.startsWith("--")
    ? `'${rawName}=-XYZ'`
    : `'--${name}=-XYZ' or '${rawName}-XYZ'`;
  throw badValue(
    `Option '${rawName}' argument is ambiguous.\nDid you forget to specify the option argument for '${shown.split(", ").at(-1) === rawName ? rawName : rawName}'?\nTo specify an option argument starting with a dash use ${example}.`,
  );
}

function badValue(message: string): Error {
  return nodeError("ERR_PARSE_ARGS_INVALID_OPTION_VALUE", message, TypeError);
}

function store(
  values: Record<string, Value | Value[]>,
  name: string,
  value: Value,
  many: boolean,
): void {
  if (name === "__proto__") return;
  if (!many) values[name] = value;
  else if (Array.isArray(values[name])) values[name].push(value);
  else values[name] = [value];
}

function withDefaults(given: Config): Required<Omit<Config, "args">> {
  const strict = given.strict ?? true;
  return {
    options: given.options ?? {},
    strict,
    allowPositionals: given.allowPositionals ?? !strict,
    allowNegative: given.allowNegative ?? false,
    tokens: given.tokens ?? false,
  };
}

/** `util.parseArgs`. */
export function parseArgs(given: Config, processArgs: () => readonly string[]): unknown {
  const config = withDefaults(given);
  const { strict } = config;
  checkOptions(config.options);
  const tokens = tokenize(given.args ?? processArgs(), config.options);
  const values = Object.create(null) as Record<string, Value | Value[]>;
  const positionals: string[] = [];
  for (const token of tokens) {
    if (strict) checkToken(token, config);
    if (token.kind === "positional") positionals.push(token.value);
    if (token.kind !== "option") continue;
    const known = Object.hasOwn(config.options, token.name);
    const negated = !known && config.allowNegative && token.name.startsWith("no-");
    const name = negated ? token.name.slice(3) : token.name;
    store(values, name, token.value ?? !negated, config.options[name]?.multiple === true);
  }
  for (const [name, option] of Object.entries(config.options)) {
    if (option.default !== undefined && values[name] === undefined) values[name] = option.default;
  }
  return config.tokens
    ? { values, positionals, tokens: tokens.map((token) => plainName(token, config)) }
    : { values, positionals };
}

/** `--no-color` is told as a token of `color`. */
function plainName(token: Token, config: Required<Omit<Config, "args">>): Token {
  if (token.kind !== "option" || !config.allowNegative || Object.hasOwn(config.options, token.name))
    return token;
  const name = token.name.replace(/^no-/, "");
  return config.options[name] === undefined ? token : { ...token, name };
}
