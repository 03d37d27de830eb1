import { type NpmContext, quote, sourceOf } from "../cli/context.ts";
import { install } from "../install/install.ts";
import { readPackageFile } from "../install/project-files.ts";
import { type Manifest, parseManifest } from "../model/manifest.ts";
import { NpmError } from "../model/npm-error.ts";
import { foreignError, parseArgument, parseSpec, registryPart } from "../model/spec.ts";
import { runChild } from "../lifecycle/child.ts";
import { scriptEnvironment, searchPath } from "../lifecycle/environment.ts";
import { installOptions } from "./install-options.ts";

/** What to run: a program with its arguments, or a line of the shell. */
interface Plan {
  readonly program: string | null;
  readonly args: readonly string[];
  readonly line: string | null;
  /** Packages that must be there; none when the project has the program. */
  readonly packages: readonly string[];
}

/** `npm exec`, `npx`: a program of the project, else of a package that is fetched for it. */
export async function execCommand(context: NpmContext): Promise<number> {
  return execWords(context, [...context.words, ...context.rest]);
}

export async function execWords(context: NpmContext, words: readonly string[]): Promise<number> {
  const { config, disk, cwd, env } = context;
  const plan = planOf(words, config.get("call") ?? null, config.all("package"));
  const path = searchPath(cwd, "");
  if (plan.program !== null && config.all("package").length === 0) {
    for (const directory of path.split(":")) {
      if (!(await disk.isFile(`${directory}/${plan.program}`))) continue;
      return start(context, `${directory}/${plan.program}`, plan, env["PATH"] ?? "");
    }
  }
  if (plan.packages.length === 0) return start(context, "", plan, env["PATH"] ?? "");
  const fetched = await fetchPackages(context, plan.packages);
  const program = plan.line === null ? await programOf(context, plan, fetched) : "";
  const file = `${fetched.directory}/node_modules/.bin/${program}`;
  return start(context, file, plan, `${fetched.directory}/node_modules/.bin:${env["PATH"] ?? ""}`);
}

function planOf(words: readonly string[], line: string | null, packages: readonly string[]): Plan {
  const [first, ...args] = words;
  if (line !== null) return { program: null, args: words, line, packages };
  if (first === undefined) {
    throw new NpmError("EUSAGE", ["", "Usage: npx [-p package] <program> [argument…]"]);
  }
  if (packages.length > 0) return { program: first, args, line: null, packages };
  const { name, raw } = parseArgument(first);
  // A version, or a scope, asks for a package; a mere name may be a program of the project.
  const isProgram = raw === "" && name !== null;
  return {
    program: isProgram ? (name.split("/").at(-1) ?? null) : null,
    args,
    line: null,
    packages: [first],
  };
}

interface Fetched {
  readonly directory: string;
  readonly first: Manifest;
}

/** Packages in a directory of their own below `~/.npm/_npx`, kept for the next time. */
async function fetchPackages(context: NpmContext, packages: readonly string[]): Promise<Fetched> {
  const { disk, env, output, registry } = context;
  const dependencies: Record<string, string> = {};
  let first: string | undefined;
  for (const word of packages) {
    const { name, raw } = parseArgument(word);
    if (name === null) throw foreignError(word);
    const wanted = registryPart(parseSpec(name, raw === "" ? "latest" : raw));
    if (wanted === null) throw foreignError(word);
    dependencies[name] =
      wanted.type === "range" ? wanted.range : (await registry.pick(wanted)).version;
    first ??= name;
  }
  const directory = `${env["HOME"] ?? ""}/.npm/_npx/${await keyOf(packages)}`;
  const path = `${directory}/package.json`;
  const text = await disk.readText(path);
  const file = { path, indent: "  ", json: { dependencies } };
  if (text === undefined || text !== `${JSON.stringify(file.json, null, "  ")}\n`) {
    output.progress(`fetching ${packages.join(", ")} …`);
    const options = {
      ...installOptions(context),
      omit: new Set<never>(),
      save: true,
      packageLock: true,
    };
    await install(
      directory,
      file,
      { ...options, dryRun: false, lockOnly: false, update: "all" },
      {
        disk,
        source: sourceOf(context, directory),
        onPackage: (name, done, total) => output.progress(`${done}/${total} ${name}`),
      },
    );
    output.clearProgress();
  }
  const installed = await readPackageFile(disk, `${directory}/node_modules/${first ?? ""}`);
  return { directory, first: parseManifest(installed.json) };
}

async function keyOf(packages: readonly string[]): Promise<string> {
  const text = new TextEncoder().encode([...packages].toSorted().join("\n"));
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  return Array.from(digest.slice(0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The only program of the package, or the one that has its name (npm, exec). */
async function programOf(
  context: NpmContext,
  plan: Plan,
  { first, directory }: Fetched,
): Promise<string> {
  if (context.config.all("package").length > 0 && plan.program !== null) return plan.program;
  const programs = Object.keys(first.bin);
  const [only] = programs;
  if (programs.length === 1 && only !== undefined) return only;
  const named = first.name.split("/").at(-1) ?? first.name;
  if (programs.includes(named)) return named;
  const files = new Set(Object.values(first.bin));
  if (files.size === 1 && only !== undefined) return only;
  throw new NpmError("", [
    "could not determine executable to run",
    `${first.name} in ${directory} has ${programs.length === 0 ? "none" : programs.join(", ")}`,
  ]);
}

async function start(context: NpmContext, file: string, plan: Plan, path: string): Promise<number> {
  const { system, cwd, disk, output, project } = context;
  const packageFile = await readPackageFile(disk, project, { orEmpty: true });
  const { name, version } = parseManifest(packageFile.json);
  const line = plan.line ?? [file, ...plan.args].map(quote).join(" ");
  const environment = scriptEnvironment(context, {
    directory: project,
    event: "npx",
    line,
    name,
    version,
  });
  const env = { ...environment, PATH: searchPath(cwd, path) };
  await output.flush();
  if (plan.line !== null) {
    return runChild(system, { file: "/bin/sh", argv: ["sh", "-c", plan.line], cwd, env });
  }
  return runChild(system, { file, argv: [file, ...plan.args], cwd, env });
}
