import { resolvePath } from "../../kernel/path.ts";
import type { NodeMachine } from "../create-context.ts";
import { ExitCode } from "../process/exit.ts";

/** `--env-file`: variables that are not set yet (Node, cli.md). */
export function loadEnvironmentFiles(
  { context, termination }: NodeMachine,
  files: readonly { readonly path: string; readonly optional: boolean }[],
): void {
  const { system, process } = context;
  for (const { path, optional } of files) {
    const file = resolvePath(process.cwd(), path);
    let text: string;
    try {
      text = new TextDecoder().decode(system.callSync("readFile", file));
    } catch {
      if (optional) continue;
      context.writeSync(2, `node: ${path}: not found\n`);
      return termination.end(ExitCode.badOption);
    }
    const { parseEnv } = context.builtin<{
      readonly parseEnv: (text: string) => Record<string, string>;
    }>("util");
    for (const [name, value] of Object.entries(parseEnv(text))) process.env[name] ??= value;
  }
}
