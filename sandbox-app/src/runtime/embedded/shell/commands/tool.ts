import type { CommandCall } from "./command.ts";
import { fromByteString, toByteString } from "./bytes.ts";
import { readsInput } from "./reads-input.ts";
import type { Toolbox } from "./toolbox.ts";

/** Loaded with the first command that needs it: just-bash is most of the shell's code. */
const loadToolbox = async () => import("./toolbox.ts");

const idle = new WeakMap<object, Toolbox[]>();

/** Runs a command of just-bash. */
export async function runTool({ shell, name, args }: CommandCall): Promise<number> {
  const { system } = shell.process;
  const { Toolbox } = await loadToolbox();
  const free = idle.get(system) ?? [];
  idle.set(system, free);
  const toolbox = free.pop() ?? new Toolbox(system);
  try {
    const input = readsInput(name, args)
      ? await shell.untilAborted(
          shell.descriptors.get(0)?.readAll() ?? Promise.resolve(new Uint8Array()),
        )
      : new Uint8Array();
    const result = await shell.untilAborted(toolbox.run(shell, name, args, toByteString(input)));
    await shell.write(
      1,
      result.isBytes ? fromByteString(result.stdout) : new TextEncoder().encode(result.stdout),
    );
    await shell.complain(result.stderr);
    return result.exitCode;
  } finally {
    free.push(toolbox);
  }
}
