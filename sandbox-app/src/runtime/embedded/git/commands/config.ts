import { failure } from "../cli/failure.ts";
import { type Arguments, OptionTable, parseArguments } from "../cli/options.ts";
import { Config, type ConfigScope } from "../repository/config.ts";
import type { GitCommand, GitContext } from "../repository/context.ts";
import { globalConfigPath } from "../repository/repository.ts";

const options = new OptionTable(
  "global local system l|list get get-all get-regexp unset unset-all add replace-all remove-section " +
    "bool int type= z|null name-only show-origin show-scope default= e|edit",
);

export const config: GitCommand = (context, words) => {
  const args = parseArguments(options, words);
  refuse(args);
  const settings = configOf(context, args);
  const [key = "", value] = args.words;
  if (args.has("list")) return list(context, args, settings);
  if (args.has("get-regexp")) return byPattern(context, args, settings, key);
  if (args.has("remove-section")) {
    settings.removeSection(key);
    return 0;
  }
  if (!/^[\w-]+\..*?[A-Za-z][\w-]*$/s.test(key))
    throw failure(
      key.includes(".") ? `invalid key: ${key}` : `key does not contain a section: ${key}`,
    );
  const scope: ConfigScope = args.has("global") ? "global" : "local";
  if (args.has("unset") || args.has("unset-all")) return unset(settings, key, scope);
  if (value === undefined || args.has("get") || args.has("get-all"))
    return get(context, args, settings, key);
  if (args.has("replace-all")) settings.unset(key, scope);
  settings.set(key, value, scope, args.has("add"));
  return 0;
};

function refuse(args: Arguments): void {
  if (args.has("system")) throw failure("there is no system-wide configuration here; use --global");
  if (args.has("edit")) throw failure("there is no editor here; use git config <name> <value>");
}

/** git's exit code for a variable that is not there. */
const NOT_SET = 5;

function unset(settings: Config, key: string, scope: ConfigScope): number {
  if (settings.get(key, scope) === undefined) return NOT_SET;
  settings.unset(key, scope);
  return 0;
}

/** Outside of a repository there is the person's file only. */
function configOf(context: GitContext, args: Arguments): Config {
  const global = globalConfigPath(context.env);
  if (args.has("global")) return new Config(context.disk, { global, local: null }, []);
  try {
    return context.repository.config;
  } catch (error) {
    if (args.has("local") || args.words.length > 1) throw error;
    return new Config(context.disk, { global, local: null }, context.said);
  }
}

function chosenScope(args: Arguments): ConfigScope | undefined {
  return args.has("global") ? "global" : args.has("local") ? "local" : undefined;
}

function get({ output }: GitContext, args: Arguments, settings: Config, key: string): number {
  const found = settings.getAll(key, chosenScope(args));
  const fallback = args.value("default");
  const values = args.has("get-all") ? found : found.slice(-1);
  if (values.length === 0 && fallback !== undefined) values.push(fallback);
  const isBool = args.has("bool") || args.value("type") === "bool";
  const end = args.has("null") ? "\0" : "\n";
  for (const value of values) {
    const isTrue = ["true", "yes", "on", "1"].includes(value.toLowerCase());
    output.text(`${isBool ? String(isTrue) : value}${end}`);
  }
  return values.length === 0 ? 1 : 0;
}

function list({ output }: GitContext, args: Arguments, settings: Config): number {
  for (const { key, value } of settings.all(chosenScope(args)))
    output.line(args.has("name-only") ? key : `${key}=${value}`);
  return 0;
}

function byPattern(
  { output }: GitContext,
  args: Arguments,
  settings: Config,
  pattern: string,
): number {
  const test = new RegExp(pattern);
  const found = settings.all(chosenScope(args)).filter(({ key }) => test.test(key));
  for (const { key, value } of found) output.line(`${key} ${value}`);
  return found.length === 0 ? 1 : 0;
}
