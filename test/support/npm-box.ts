import { npmMain } from "#sandbox/runtime/embedded/npm/main.ts";
import { runShellProgram } from "#sandbox/runtime/embedded/shell/start.ts";
import { KernelInThread, type Ran } from "./kernel-in-thread.ts";

export const PROJECT = "/home/user/workspace";

/** A container with our npm in it, over the real kernel, and a registry on this machine. */
export class NpmBox {
  readonly kernel: KernelInThread;

  constructor(registry: { readonly url: string }) {
    this.kernel = new KernelInThread({
      node: (system) => npmMain(system, { fetch, registry: registry.url }),
      shell: runShellProgram,
    });
  }

  writeJson(path: string, json: object): void {
    this.kernel.write(`${PROJECT}/${path}`, `${JSON.stringify(json, null, 2)}\n`);
  }

  readJson(path: string): Record<string, unknown> {
    return JSON.parse(this.read(path)) as Record<string, unknown>;
  }

  read(path: string): string {
    return this.kernel.read(`${PROJECT}/${path}`);
  }

  has(path: string): boolean {
    try {
      this.kernel.files.lstat(`${PROJECT}/${path}`);
      return true;
    } catch {
      return false;
    }
  }

  npx(...args: string[]): Promise<Ran> {
    return this.kernel.run(["npx", ...args], { cwd: PROJECT });
  }

  npm(...args: string[]): Promise<Ran> {
    return this.kernel.run(["npm", ...args], { cwd: PROJECT });
  }

  /** Every file, link and mode below a directory, as `path → what it is`. */
  layout(directory = "node_modules"): Record<string, string> {
    const found: Record<string, string> = {};
    const { files } = this.kernel;
    const visit = (path: string): void => {
      for (const { name, type } of files.list(`${PROJECT}/${path}`)) {
        const below = `${path}/${name}`;
        if (type === "directory") visit(below);
        else if (type === "symlink") found[below] = `-> ${files.readlink(`${PROJECT}/${below}`)}`;
        else
          found[below] =
            `${files.stat(`${PROJECT}/${below}`).mode.toString(8)} ${this.read(below)}`;
      }
    };
    if (this.has(directory)) visit(directory);
    return found;
  }
}
