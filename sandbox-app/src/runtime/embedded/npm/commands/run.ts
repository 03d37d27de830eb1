import type { NpmContext } from "../cli/context.ts";
import { readPackageFile, readProject } from "../install/project-files.ts";
import { type Manifest, parseManifest } from "../model/manifest.ts";
import { NpmError } from "../model/npm-error.ts";
import { runScript } from "../lifecycle/run-script.ts";

/** Scripts that npm has a command for. */
const LIFECYCLE: ReadonlySet<string> = new Set([
  "test",
  "start",
  "stop",
  "restart",
  "preinstall",
  "install",
  "postinstall",
  "prepare",
]);

/** `npm run <script> [-- argument…]`; without a name, the list of scripts. */
export async function runCommand(context: NpmContext): Promise<number> {
  const [script, ...words] = context.words;
  const args = [...words, ...context.rest];
  let result = 0;
  for (const directory of await directoriesOf(context)) {
    const code = await runIn(context, directory, script, args);
    if (code !== 0) result = code;
  }
  return result;
}

/** `npm test`, `npm start` and the like. */
export function lifecycleCommand(script: string): (context: NpmContext) => Promise<number> {
  return (context) => runCommand({ ...context, words: [script, ...context.words] });
}

/** The project, or the workspaces that `--workspace` and `--workspaces` name. */
async function directoriesOf(context: NpmContext): Promise<string[]> {
  const { config, disk, project } = context;
  const wanted = config.all("workspace");
  if (wanted.length === 0 && !config.is("workspaces")) return [project];
  const { workspaces } = await readProject(disk, project, await readPackageFile(disk, project));
  const chosen = [...workspaces].filter(
    ([name, { location }]) =>
      wanted.length === 0 ||
      wanted.some((one) => one === name || one.replace(/^\.\//, "") === location),
  );
  if (chosen.length > 0) return chosen.map(([, { location }]) => `${project}/${location}`);
  throw new NpmError("ENOWORKSPACES", [
    `No workspaces found: --workspace=${wanted.join(" --workspace=")}`,
  ]);
}

async function runIn(
  context: NpmContext,
  directory: string,
  script: string | undefined,
  args: readonly string[],
): Promise<number> {
  const manifest = parseManifest((await readPackageFile(context.disk, directory)).json);
  if (script === undefined) {
    listScripts(context, manifest);
    return 0;
  }
  const scripts = { ...(await defaultsFor(context, directory)), ...manifest.scripts };
  const line = scripts[script];
  if (line === undefined) {
    if (context.config.is("if-present")) return 0;
    throw missing(script);
  }
  const steps: [string, string | undefined, readonly string[]][] = [
    [`pre${script}`, scripts[`pre${script}`], []],
    [script, line, args],
    [`post${script}`, scripts[`post${script}`], []],
  ];
  for (const [event, step, given] of steps) {
    if (step === undefined) continue;
    const code = await runScript(context, { directory, event, line: step, args: given });
    if (code !== 0) return code;
  }
  return 0;
}

/** npm starts a `server.js` where no script says how (npm, start). */
async function defaultsFor(
  { disk }: NpmContext,
  directory: string,
): Promise<Record<string, string>> {
  return (await disk.isFile(`${directory}/server.js`)) ? { start: "node server.js" } : {};
}

function missing(script: string): NpmError {
  return new NpmError("", [
    `Missing script: "${script}"`,
    "",
    "To see a list of scripts, run:",
    "  npm run",
  ]);
}

function listScripts({ output }: NpmContext, { name, version, scripts }: Manifest): void {
  const label = `${name}@${version}`;
  const all = Object.entries(scripts);
  const groups: [string, [string, string][]][] = [
    [`Lifecycle scripts included in ${label}:`, all.filter(([script]) => LIFECYCLE.has(script))],
    ["available via `npm run`:", all.filter(([script]) => !LIFECYCLE.has(script))],
  ];
  for (const [title, group] of groups) {
    if (group.length === 0) continue;
    output.result(title);
    for (const [script, line] of group) output.result(`  ${script}\n    ${line}`);
  }
}
