import { Bash, MountableFs } from "just-bash/browser";
import { ownCommands } from "./commands.ts";
import { Devices } from "./devices.ts";
import type { KernelClient } from "./kernel-client.ts";
import { KernelFiles } from "./kernel-files.ts";
import { shellLimits } from "./limits.ts";
import type { Script } from "./stream-output.ts";

export interface ShellOptions {
  readonly client: KernelClient;
  readonly pid: number;
  readonly cwd: string;
  /** All of it counts as exported. */
  readonly env: Readonly<Record<string, string>>;
}

/** A just-bash over the kernel's files, with devices of its own. */
export function createBash({ client, pid, cwd, env }: ShellOptions): Bash {
  let input: Promise<Uint8Array> | undefined;
  const devices = new Devices({
    output: (stream, bytes) => client.output(stream, bytes),
    input: () => (input ??= client.input()),
  });
  return new Bash({
    fs: new MountableFs({
      base: new KernelFiles(client.files),
      mounts: [{ mountPoint: "/dev", filesystem: devices }],
    }),
    cwd,
    env: { ...env, PWD: cwd },
    processInfo: { pid },
    executionLimits: shellLimits,
    customCommands: [...ownCommands],
    // It patches globals to keep guests in one thread apart; a worker per process does that better.
    defenseInDepth: false,
  });
}

/** Rewrites the next script that the shell parses, and none that this script runs in turn. */
export function rewriteNext(bash: Bash, rewrite: (script: Script) => Script): () => void {
  let isArmed = false;
  bash.registerTransformPlugin({
    name: "disco",
    transform: ({ ast }) => {
      if (!isArmed) return { ast };
      isArmed = false;
      return { ast: rewrite(ast) };
    },
  });
  return () => {
    isArmed = true;
  };
}
