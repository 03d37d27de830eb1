import type { NpmContext } from "../cli/context.ts";
import { readPackageFile, writePackageFile } from "../install/project-files.ts";
import { NpmError } from "../model/npm-error.ts";

type Json = Record<string, unknown>;

/** `npm pkg get|set|delete`: fields of package.json by their path, as `scripts.test`. */
export async function pkgCommand(context: NpmContext): Promise<number> {
  const { disk, project, output, config } = context;
  const [verb, ...args] = [...context.words, ...context.rest];
  const file = await readPackageFile(disk, project);
  const json = structuredClone(file.json);
  if (verb === "get") {
    output.result(JSON.stringify(read(json, args), null, 2));
    return 0;
  }
  if (args.length === 0 || (verb !== "set" && verb !== "delete")) {
    throw new NpmError("EUSAGE", ["Usage: npm pkg set key=value | get [key…] | delete key…"]);
  }
  for (const arg of args) {
    if (verb === "delete") change(json, keysOf(arg), undefined);
    else setField(json, arg, config.is("json"));
  }
  await writePackageFile(disk, { ...file, json });
  return 0;
}

function setField(json: Json, argument: string, isJson: boolean): void {
  const equals = argument.indexOf("=");
  if (equals < 1) throw new NpmError("EUSAGE", ["npm pkg set expects a key=value pair of args."]);
  const text = argument.slice(equals + 1);
  change(json, keysOf(argument.slice(0, equals)), isJson ? parse(text) : text);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new NpmError("EJSONPARSE", [error instanceof Error ? error.message : String(error)]);
  }
}

/** `a.b[0]` and `a[b.c]`. */
function keysOf(path: string): string[] {
  const keys = [...path.matchAll(/\[([^\]]*)\]|[^.[\]]+/g)].map((match) => match[1] ?? match[0]);
  if (keys.some((key) => key === "__proto__" || key === "constructor" || key === "prototype")) {
    throw new NpmError("EUSAGE", [`${path} is no field of a package.json.`]);
  }
  return keys;
}

function read(json: Json, paths: readonly string[]): unknown {
  if (paths.length === 0) return json;
  const found = paths.map((path): [string, unknown] => [path, valueAt(json, keysOf(path))]);
  const [only] = found;
  if (found.length === 1 && only) return only[1] ?? {};
  return Object.fromEntries(found.filter(([, value]) => value !== undefined));
}

function valueAt(json: unknown, keys: readonly string[]): unknown {
  return keys.reduce<unknown>((at, key) => (isObject(at) ? at[key] : undefined), json);
}

function change(json: Json, keys: readonly string[], value: unknown): void {
  const last = keys.at(-1);
  if (last === undefined) return;
  let at = json;
  for (const key of keys.slice(0, -1)) {
    if (!isObject(at[key])) at[key] = {};
    at = at[key] as Json;
  }
  if (value !== undefined) at[last] = value;
  else delete at[last];
}

function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null;
}
