import semver from "semver";
import { type NpmContext, sourceOf } from "../cli/context.ts";
import { type InstallOptions, type Installed, install } from "../install/install.ts";
import {
  type PackageFile,
  SAVE_FIELDS,
  type SaveField,
  manifestOf,
  readPackageFile,
} from "../install/project-files.ts";
import { NpmError } from "../model/npm-error.ts";
import {
  type Argument,
  foreignError,
  parseArgument,
  parseSpec,
  registryPart,
} from "../model/spec.ts";
import { compareNames } from "../tree/node.ts";
import { installOptions } from "./install-options.ts";
import { reportInstall } from "./install-report.ts";
import { runInstallScripts } from "./install-scripts.ts";

/** `npm install [package…]`, `npm i`, `npm add`. */
export async function installCommand(context: NpmContext): Promise<number> {
  refuseGlobal(context);
  const words = [...context.words, ...context.rest];
  const file = await readPackageFile(context.disk, context.project, { orEmpty: words.length > 0 });
  let changed = file;
  for (const word of words) changed = await add(context, changed, parseArgument(word));
  return perform(context, changed, installOptions(context));
}

/** `npm ci`: what the lockfile says, from nothing. */
export async function ciCommand(context: NpmContext): Promise<number> {
  refuseGlobal(context);
  const file = await readPackageFile(context.disk, context.project);
  const options = { ...installOptions(context), frozen: true };
  return perform(context, file, options, { fromNothing: true });
}

/** `npm uninstall <package…>`. */
export async function uninstallCommand(context: NpmContext): Promise<number> {
  refuseGlobal(context);
  const names = [...context.words, ...context.rest];
  if (names.length === 0) throw new NpmError("EUSAGE", ["Must provide a package name to remove"]);
  const file = await readPackageFile(context.disk, context.project);
  const fields = SAVE_FIELDS.flatMap((field): [string, unknown][] => {
    const known = namesOf(file, field);
    if (known === undefined) return [];
    const left = Object.entries(known).filter(([name]) => !names.includes(name));
    return [[field, left.length === 0 ? undefined : Object.fromEntries(left)]];
  });
  const json = { ...file.json, ...Object.fromEntries(fields) };
  return perform(context, { ...file, json }, installOptions(context));
}

/** `npm update [package…]`: the newest versions that package.json admits. */
export async function updateCommand(context: NpmContext): Promise<number> {
  refuseGlobal(context);
  const file = await readPackageFile(context.disk, context.project);
  const names = new Set([...context.words, ...context.rest]);
  const update = names.size === 0 ? ("all" as const) : names;
  return perform(context, file, { ...installOptions(context), update });
}

async function perform(
  context: NpmContext,
  file: PackageFile,
  options: InstallOptions,
  { fromNothing = false } = {},
): Promise<number> {
  const { disk, output, project } = context;
  const startedAt = performance.now();
  output.progress("resolving packages …");
  const installed: Installed = await install(project, file, options, {
    disk,
    source: sourceOf(context),
    onPackage: (name, done, total) => output.progress(`${done}/${total} ${name}`),
    ...(fromNothing && { onReady: () => disk.remove(`${project}/node_modules`) }),
  });
  await runInstallScripts(context, file, installed);
  reportInstall(output, installed, performance.now() - startedAt);
  return 0;
}

async function add(
  context: NpmContext,
  file: PackageFile,
  argument: Argument,
): Promise<PackageFile> {
  const [name, raw] = await savedAs(context, argument);
  const field = saveField(context, file, name);
  const json = { ...file.json };
  for (const other of SAVE_FIELDS) {
    const known = namesOf(file, other);
    if (known === undefined || !(name in known)) continue;
    const { [name]: _gone, ...left } = known;
    json[other] = left;
    if (Object.keys(left).length === 0 && other !== field) delete json[other];
  }
  const entries = Object.entries({ ...(json[field] as object | undefined), [name]: raw });
  json[field] = Object.fromEntries(entries.toSorted(([a], [b]) => compareNames(a, b)));
  return { ...file, json };
}

/** Name and text for package.json: the version that was found, as loosely as the user wants it. */
async function savedAs(context: NpmContext, argument: Argument): Promise<[string, string]> {
  const { config, disk, registry, cwd } = context;
  if (argument.name === null) return savedDirectory(context, argument.raw);
  const asked = argument.raw === "" ? (config.get("tag") ?? "latest") : argument.raw;
  const spec = parseSpec(argument.name, asked);
  if (spec.type === "foreign") throw foreignError(spec.raw);
  if (spec.type === "directory")
    return savedDirectory({ ...context, disk, cwd }, asked, argument.name);
  const wanted = registryPart(spec);
  if (wanted === null) throw foreignError(asked);
  const { version } = await registry.pick(wanted);
  const prefix = config.is("save-exact") ? "" : (config.get("save-prefix") ?? "^");
  const loose = prefix + version;
  const isRange = wanted.type === "range" && semver.valid(wanted.range) === null;
  const range = isRange && !semver.subset(loose, wanted.range) ? wanted.range : loose;
  return [argument.name, spec.type === "alias" ? `npm:${wanted.name}@${range}` : range];
}

async function savedDirectory(
  { disk, cwd, project }: NpmContext,
  raw: string,
  name?: string,
): Promise<[string, string]> {
  const path = raw.replace(/^(?:file|link):/, "");
  const absolute = await disk.realPath(path.startsWith("/") ? path : `${cwd}/${path}`);
  if (absolute === undefined) {
    throw new NpmError("ENOENT", [`Could not install from "${path}" as it does not exist.`]);
  }
  const manifest = manifestOf(await readPackageFile(disk, absolute));
  return [name ?? manifest.name, `file:${relative(project, absolute)}`];
}

function relative(from: string, to: string): string {
  const [a, b] = [from.split("/"), to.split("/")];
  let same = 0;
  while (same < a.length && same < b.length && a[same] === b[same]) same += 1;
  return [...a.slice(same).map(() => ".."), ...b.slice(same)].join("/");
}

/** A package stays in the field where it is, unless a flag names another. */
function saveField({ config }: NpmContext, file: PackageFile, name: string): SaveField {
  if (config.is("save-dev")) return "devDependencies";
  if (config.is("save-optional")) return "optionalDependencies";
  if (config.is("save-peer")) return "peerDependencies";
  if (config.is("save-prod")) return "dependencies";
  return SAVE_FIELDS.find((field) => name in (namesOf(file, field) ?? {})) ?? "dependencies";
}

function namesOf(file: PackageFile, field: SaveField): Record<string, unknown> | undefined {
  const value = file.json[field];
  return typeof value === "object" && value !== null
    ? (value as Record<string, unknown>)
    : undefined;
}

function refuseGlobal({ config }: NpmContext): void {
  if (!config.is("global") && config.get("location") !== "global") return;
  throw new NpmError("EGLOBAL", [
    "A container has no global packages.",
    "Use `npx <package>` to run a program once, or install it in the project",
    "and run it by `npx` or a script of package.json.",
  ]);
}
