import { execFile } from "node:child_process";
import {
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  readlink,
  rm,
  stat,
  writeFile,
} from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** The machine's own npm in a directory of its own, with a registry on this machine. */
export class RealNpm {
  readonly directory: string;
  readonly #registry: string;

  private constructor(directory: string, registry: string) {
    this.directory = directory;
    this.#registry = registry;
  }

  static async open(registry: string): Promise<RealNpm> {
    const directory = await mkdtemp(path.join(tmpdir(), "disco-npm-"));
    await mkdir(path.join(directory, "project"));
    return new RealNpm(directory, registry);
  }

  async write(name: string, text: string): Promise<void> {
    const file = path.join(this.directory, "project", name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }

  read(name: string): Promise<string> {
    return readFile(path.join(this.directory, "project", name), "utf8");
  }

  run(...args: string[]): Promise<Ended> {
    const settings = {
      registry: this.#registry,
      cache: path.join(this.directory, "cache"),
      userconfig: path.join(this.directory, "npmrc"),
      // Our lockfiles name no registry.
      omit_lockfile_registry_resolved: "true",
      audit: "false",
      fund: "false",
      update_notifier: "false",
      ignore_scripts: "true",
      // What a tab has: npm then skips what we skip.
      cpu: "wasm32",
      os: "linux",
    };
    const env = Object.fromEntries(
      Object.entries(settings).map(([name, value]) => [`npm_config_${name}`, value]),
    );
    const clean = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
    return new Promise((resolve) => {
      execFile(
        "npm",
        args,
        {
          cwd: path.join(this.directory, "project"),
          env: { ...Object.fromEntries(clean), ...env },
        },
        (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === "number" ? error.code : 1;
          resolve({ code, output: stdout + stderr });
        },
      );
    });
  }

  /** As NpmBox.layout. */
  async layout(directory = "node_modules"): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    const visit = async (at: string): Promise<void> => {
      const full = path.join(this.directory, "project", at);
      for (const name of await readdir(full).catch(() => [])) {
        const below = `${at}/${name}`;
        const file = path.join(full, name);
        const status = await lstat(file);
        if (status.isDirectory()) await visit(below);
        else if (status.isSymbolicLink())
          found[below] = `-> ${(await readlink(file)).replace(/\/$/, "")}`;
        else {
          const mode = ((await stat(file)).mode & 0o777).toString(8);
          found[below] = `${mode} ${await readFile(file, "utf8")}`;
        }
      }
    };
    await visit(directory);
    return found;
  }

  async close(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }
}
