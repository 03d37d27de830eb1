import { isSecret } from "../cli/config.ts";
import type { NpmContext } from "../cli/context.ts";
import { NpmError } from "../model/npm-error.ts";

/** `npm config get|set|delete|list`. */
export async function configCommand(context: NpmContext): Promise<number> {
  const { output, config } = context;
  const [verb = "list", ...args] = [...context.words, ...context.rest];
  switch (verb) {
    case "get":
      for (const name of args) output.result(shown(name, config.get(name)));
      if (args.length > 0) return 0;
      break;
    case "list":
    case "ls":
      break;
    case "set":
      return set(context, args);
    case "delete":
    case "rm":
      return change(context, new Map(args.map((name) => [name, null])));
    default:
      throw new NpmError("EUSAGE", ["Usage: npm config get|set|delete|list [key[=value]…]"]);
  }
  for (const [name, value] of config.entries()) output.result(`${name} = ${JSON.stringify(value)}`);
  return 0;
}

function shown(name: string, value: string | undefined): string {
  if (isSecret(name))
    throw new NpmError("", [`The ${name} option is protected, and can not be retrieved`]);
  return value ?? "undefined";
}

async function set(context: NpmContext, args: readonly string[]): Promise<number> {
  const [first = "", second] = args;
  const pairs = first.includes("=") ? args : [`${first}=${second ?? "true"}`];
  const changes = pairs.map((pair): [string, string] => {
    const equals = pair.indexOf("=");
    return [pair.slice(0, equals), pair.slice(equals + 1)];
  });
  return change(context, new Map(changes));
}

/** Writes the user's file, or the project's with `--location=project`. */
async function change(
  { disk, env, project, config }: NpmContext,
  changes: ReadonlyMap<string, string | null>,
): Promise<number> {
  const isProject = config.get("location") === "project";
  const path = isProject ? `${project}/.npmrc` : `${env["HOME"] ?? ""}/.npmrc`;
  const lines = ((await disk.readText(path)) ?? "").split("\n").filter((line) => line !== "");
  const kept = lines.filter((line) => !changes.has(line.split("=")[0]?.trim() ?? ""));
  const added = [...changes].filter(([, value]) => value !== null);
  const text = [...kept, ...added.map(([name, value]) => `${name}=${value ?? ""}`)].join("\n");
  await disk.write(path, text === "" ? "" : `${text}\n`, 0o600);
  return 0;
}
