import { EmbeddedRuntime } from "#sandbox/runtime/embedded/kernel/embedded-runtime.ts";
import { FileSystem } from "#sandbox/runtime/embedded/kernel/file-system.ts";
import { Kernel } from "#sandbox/runtime/embedded/kernel/kernel.ts";
import { layOut, WORKSPACE } from "#sandbox/runtime/embedded/kernel/layout.ts";
import { WorkerBody } from "#sandbox/runtime/embedded/kernel/process/worker-body.ts";
import { WorkerPool } from "#sandbox/runtime/embedded/kernel/process/worker-pool.ts";
import { nodePrograms, shellPrograms } from "#sandbox/runtime/embedded/kernel/programs.ts";
import type { Fetch } from "#sandbox/runtime/embedded/network/proxy-client.ts";
import type { HostRule } from "#protocol/egress-rule.ts";
import { countedWorkers } from "#test/support/counted/counted-workers.ts";
import { finish, type Finished } from "#test/contract/runtime-streams.ts";

/** A kernel in this page with the real workers; for tests in a browser. */
export class NodeContainer {
  readonly files: FileSystem;
  readonly runtime: EmbeddedRuntime;

  /** @param options.fetch what the worker's proxy is to the kernel; without it, nothing is allowed */
  constructor(options: { readonly fetch?: Fetch; readonly allowed?: readonly HostRule[] } = {}) {
    this.files = new FileSystem({ maxBytes: 1e9, now: Date.now });
    layOut(this.files, [...shellPrograms, ...nodePrograms]);
    const workers = new WorkerPool(countedWorkers);
    const kernel: Kernel = new Kernel({
      files: this.files,
      now: Date.now,
      launch: (process, { kind }) => new WorkerBody(kernel, process, workers.take(kind)),
      network: { base: "http://worker.example", ...(options.fetch && { fetch: options.fetch }) },
    });
    kernel.network.serve(pageThatAllows(options.allowed ?? []));
    this.runtime = new EmbeddedRuntime(kernel, workers);
  }

  /** @param path below the workspace, or absolute */
  write(path: string, text: string): void {
    const absolute = path.startsWith("/") ? path : `${WORKSPACE}/${path}`;
    this.files.mkdirp(absolute.slice(0, absolute.lastIndexOf("/")));
    this.files.write(absolute, new TextEncoder().encode(text));
  }

  async run(
    argv: readonly string[],
    options: { cwd?: string; env?: Record<string, string>; input?: string } = {},
  ): Promise<Finished> {
    const { input = "", ...rest } = options;
    const [command = "node", ...args] = argv;
    const process = await this.runtime.spawn(command, args, rest);
    return finish(process, new TextEncoder().encode(input));
  }

  dispose(): Promise<void> {
    return this.runtime.dispose();
  }
}

/** The kernel's end of a page that says what is allowed, and brings tokens. */
function pageThatAllows(rules: readonly HostRule[]): MessagePort {
  const { port1, port2 } = new MessageChannel();
  const token = { type: "token", token: "a-token", expiresAt: Date.now() + 3_600_000 };
  port1.postMessage({ type: "rules", rules, local: true }, []);
  port1.postMessage(token, []);
  return port2;
}
