import { resolvePath } from "../../kernel/path.ts";
import type { NodeContext } from "../context.ts";
import { directoryOf } from "../modules/module-class.ts";

interface ChildProcessModule {
  readonly spawn: (
    file: string,
    args: readonly string[],
    options: object,
  ) => { on(event: "exit", listener: (code: number | null) => void): void };
}

interface Manifest {
  readonly scripts?: Readonly<Record<string, string>>;
}

/** `--run`: a script of the nearest package.json, without npm (Node, cli.md). */
export function runPackageScript(
  context: NodeContext,
  script: string,
  args: readonly string[],
): void {
  const { process } = context;
  const path = nearestManifest(context, process.cwd());
  if (path === null)
    return fail(context, `Can't find package.json for directory ${process.cwd()}\n`);
  const { scripts = {} } = JSON.parse(readText(context, path)) as Manifest;
  const command = scripts[script];
  if (command === undefined) return fail(context, missing(script, path, scripts));
  const directory = directoryOf(path);
  const { spawn } = context.builtin<ChildProcessModule>("child_process");
  const line = [command, ...args.map((arg) => quoted(arg))].join(" ");
  const child = spawn("sh", ["-c", line], {
    stdio: "inherit",
    cwd: directory,
    env: {
      ...process.env,
      PATH: [...binFolders(directory), process.env["PATH"] ?? ""].join(":"),
      NODE_RUN_SCRIPT_NAME: script,
      NODE_RUN_PACKAGE_JSON_PATH: path,
    },
  });
  child.on("exit", (code) => {
    process.exitCode = code === 0 ? 0 : 1;
  });
}

function fail(context: NodeContext, message: string): void {
  context.writeSync(2, message);
  context.process.exitCode = 1;
}

function missing(script: string, path: string, scripts: Readonly<Record<string, string>>): string {
  const lines = Object.entries(scripts).map(([name, command]) => `  ${name}: ${command}\n`);
  const known = lines.length === 0 ? "There are no scripts available in the package.json\n" : "";
  const list = lines.length === 0 ? "" : `Available scripts are:\n${lines.join("")}`;
  return `Missing script: "${script}" for ${path}\n\n${known}${list}`;
}

function nearestManifest(context: NodeContext, directory: string): string | null {
  for (let at = directory; ; at = directoryOf(at)) {
    const path = resolvePath(at, "package.json");
    if (context.system.callSync("firstFile", [path]) === 0) return path;
    if (at === "/") return null;
  }
}

function readText(context: NodeContext, path: string): string {
  return new TextDecoder().decode(context.system.callSync("readFile", path));
}

function binFolders(directory: string): string[] {
  const folders: string[] = [];
  for (let at = directory; ; at = directoryOf(at)) {
    folders.push(resolvePath(at, "node_modules/.bin"));
    if (at === "/") return folders;
  }
}

function quoted(arg: string): string {
  return /^[\w,.+:@%/-]+$/.test(arg) ? arg : `'${arg.replaceAll("'", String.raw`'\''`)}'`;
}
