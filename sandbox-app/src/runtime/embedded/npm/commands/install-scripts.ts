import type { NpmContext } from "../cli/context.ts";
import type { Installed } from "../install/install.ts";
import { type PackageFile, readPackageFile } from "../install/project-files.ts";
import { parseManifest } from "../model/manifest.ts";
import { NpmError } from "../model/npm-error.ts";
import { runScript } from "../lifecycle/run-script.ts";

const STEPS = ["preinstall", "install", "postinstall"];
/** Scripts of the project itself that follow an install (npm, scripts, "npm install"). */
const PROJECT_STEPS = [...STEPS, "prepublish", "preprepare", "prepare", "postprepare"];
/** Names that are told; a longer list says no more. */
const NAMES_MAX = 5;

/**
 * Runs the install scripts of packages where they are allowed. They are not by default: they are how
 * malicious packages act, and most of them build native code that would not run.
 */
export async function runInstallScripts(
  context: NpmContext,
  file: PackageFile,
  { written, tree }: Installed,
): Promise<void> {
  const nodes = written.filter((node) => node.manifest.hasInstallScript && node.target === null);
  const own = Object.keys(tree.root.manifest.scripts).filter((step) =>
    PROJECT_STEPS.includes(step),
  );
  const { config, output, project } = context;
  const allowed = config.is("foreground-scripts") || !config.is("ignore-scripts");
  if (!allowed) {
    const names = [
      ...nodes.map((node) => node.name),
      ...own.map((step) => `the project's ${step}`),
    ];
    if (names.length > 0 && written.length > 0) output.notice(notRun(names));
    return;
  }
  for (const node of nodes) await runSteps(context, `${project}/${node.location}`, STEPS);
  if (own.length > 0)
    await runSteps(context, file.path.replace(/\/package\.json$/, ""), PROJECT_STEPS);
}

async function runSteps(
  context: NpmContext,
  directory: string,
  steps: readonly string[],
): Promise<void> {
  const { scripts } = parseManifest((await readPackageFile(context.disk, directory)).json);
  for (const step of steps) {
    const line = scripts[step];
    if (line === undefined) continue;
    const code = await runScript(context, { directory, event: step, line, args: [] });
    if (code === 0) continue;
    throw new NpmError(
      String(code),
      [`path ${directory}`, "command failed", `command sh -c ${line}`],
      code,
    );
  }
}

function notRun(names: readonly string[]): string {
  const more = names.length > NAMES_MAX ? ` and ${names.length - NAMES_MAX} more` : "";
  return (
    `install scripts were not run: ${names.slice(0, NAMES_MAX).join(", ")}${more}. ` +
    "Allow them with --foreground-scripts, or ignore-scripts=false in .npmrc."
  );
}
