import { gitMain } from "#sandbox/runtime/embedded/git/main.ts";
import { EmbeddedRuntime } from "#sandbox/runtime/embedded/kernel/embedded-runtime.ts";
import { runShellProgram } from "#sandbox/runtime/embedded/shell/start.ts";
import type { Runtime } from "#sandbox/runtime/runtime.ts";
import { KernelInThread } from "./kernel-in-thread.ts";
import { bootNodeRuntime } from "./node-runtime.ts";

/** Who commits, and when: a time that stands still, so that commits have the same names everywhere. */
export const fixedIdentity = {
  GIT_AUTHOR_NAME: "Ada Author",
  GIT_AUTHOR_EMAIL: "ada@example.com",
  GIT_AUTHOR_DATE: "1700000000 +0130",
  GIT_COMMITTER_NAME: "Carl Committer",
  GIT_COMMITTER_EMAIL: "carl@example.com",
  GIT_COMMITTER_DATE: "1700000000 +0130",
};

/** A runtime whose git knows nothing of this machine's configuration. */
export type BootGit = (env?: Readonly<Record<string, string>>) => Promise<Runtime>;

/** The real git in a directory of this machine: what the container's git is measured by. */
export const bootRealGit: BootGit = async (env = fixedIdentity) =>
  withEnvironment(await bootNodeRuntime(), {
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: "/dev/null",
    EMAIL: "",
    ...env,
  });

/** The container's git in its own kernel, in this thread. */
export const bootContainerGit: BootGit = async (env = fixedIdentity) => {
  const box = new KernelInThread({ node: (system) => gitMain(system), shell: runShellProgram });
  return withEnvironment(new EmbeddedRuntime(box.kernel, { dispose: () => {} }), { ...env });
};

export const gitRuntimes: readonly (readonly [name: string, boot: BootGit])[] = [
  ["the container's git", bootContainerGit],
  ["real git", bootRealGit],
];

/** A runtime whose programs are given these variables besides. */
export function withEnvironment(runtime: Runtime, env: Readonly<Record<string, string>>): Runtime {
  const spawn: Runtime["spawn"] = (command, args, options = {}) =>
    runtime.spawn(command, args, { ...options, env: { ...env, ...options.env } });
  // What it has of its class is no property of its own.
  return new Proxy(runtime, {
    get: (target, name) => {
      if (name === "spawn") return spawn;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
