import type { NpmContext } from "../cli/context.ts";
import { NpmError } from "../model/npm-error.ts";
import { parseArgument } from "../model/spec.ts";
import { execWords } from "./exec.ts";

/** `npm init`: a package.json, or a package's own `create-…` program. */
export async function initCommand(context: NpmContext): Promise<number> {
  const [initializer, ...args] = context.words;
  if (initializer === undefined) return writeNew(context);
  return execWords(context, [creatorOf(initializer), ...args, ...context.rest]);
}

/** `vite` → `create-vite`, `@scope` → `@scope/create`, `@scope/x@1` → `@scope/create-x@1` (npm, init). */
export function creatorOf(word: string): string {
  const scopeOnly = /^(@[^/@]+)(@.+)?$/.exec(word);
  if (scopeOnly !== null) return `${scopeOnly[1]}/create${scopeOnly[2] ?? ""}`;
  const { name, raw } = parseArgument(word);
  if (name === null)
    throw new NpmError("EINVALIDPACKAGENAME", [`Unrecognized initializer: ${word}`]);
  const version = raw === "" ? "" : `@${raw}`;
  const [scope, rest] = name.startsWith("@") ? name.split("/") : [null, name];
  return `${scope === null ? "" : `${scope}/`}create-${rest ?? ""}${version}`;
}

/** The answers are npm's defaults, also without `-y`: nobody may be there to be asked. */
async function writeNew({ disk, output, cwd, config }: NpmContext): Promise<number> {
  const path = `${cwd}/package.json`;
  const known = await disk.readText(path);
  const text = `${JSON.stringify({ ...defaults(cwd, config.get("init-license")), ...parse(known) }, null, 2)}\n`;
  await disk.write(path, text);
  output.say(`Wrote to ${path}:\n\n${text}\n`);
  return 0;
}

function defaults(cwd: string, license: string | undefined): Record<string, unknown> {
  return {
    name: nameFor(cwd),
    version: "1.0.0",
    description: "",
    main: "index.js",
    scripts: { test: 'echo "Error: no test specified" && exit 1' },
    keywords: [],
    author: "",
    license: license ?? "ISC",
    type: "commonjs",
  };
}

/** The directory's name, as far as a package may be called so. */
function nameFor(cwd: string): string {
  const base = cwd.split("/").at(-1) ?? "";
  const name = base
    .toLowerCase()
    .replaceAll(/[^a-z0-9._~-]+/g, "-")
    .replace(/^[._-]+/, "");
  return name === "" ? "package" : name;
}

function parse(text: string | undefined): Record<string, unknown> {
  if (text === undefined || text.trim() === "") return {};
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new NpmError("EJSONPARSE", [String(error)]);
  }
}
