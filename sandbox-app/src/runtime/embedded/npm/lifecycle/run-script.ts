import { type NpmContext, quote } from "../cli/context.ts";
import { readPackageFile } from "../install/project-files.ts";
import { parseManifest } from "../model/manifest.ts";
import { runChild } from "./child.ts";
import { scriptEnvironment } from "./environment.ts";

export interface ScriptRun {
  readonly directory: string;
  /** Name of the script. */
  readonly event: string;
  readonly line: string;
  readonly args: readonly string[];
}

/** Runs one script by the shell, announced as npm does. Returns its exit code. */
export async function runScript(context: NpmContext, run: ScriptRun): Promise<number> {
  const { system, disk, output, config } = context;
  const { directory, event, line, args } = run;
  const manifest = parseManifest((await readPackageFile(disk, directory)).json);
  const { name, version } = manifest;
  const label = [name, version].filter((part) => part !== "").join("@");
  output.say(`\n> ${[label, event].filter((part) => part !== "").join(" ")}`);
  output.say(`> ${[line, ...args].join(" ").replaceAll("\n", "\n> ")}\n`);
  await output.flush();
  const command = [line, ...args.map(quote)].join(" ");
  return runChild(system, {
    file: config.get("script-shell") ?? "/bin/sh",
    argv: ["sh", "-c", command],
    cwd: directory,
    env: scriptEnvironment(context, { directory, event, line, name, version }),
  });
}
