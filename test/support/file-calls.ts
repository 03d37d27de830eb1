import { createHash } from "node:crypto";
import path from "node:path";
import { afterEach, beforeEach } from "vitest";
import { DiscoError } from "#protocol/errors.ts";
import { type OperationInput, registry } from "#protocol/registry.ts";
import { fileHandlers } from "#sandbox/dispatch/handlers/files.ts";
import type { Runtime } from "#sandbox/runtime/runtime.ts";
import { bootNodeRuntime } from "./node-runtime.ts";
import { tabContext } from "./tab-context.ts";

/** The file operations of a tab, with a fresh workspace on this machine's disk for each test. */
export class FileCalls {
  #runtime: Runtime | undefined;
  #abort = new AbortController();

  constructor() {
    beforeEach(async () => {
      this.#runtime = await bootNodeRuntime();
      this.#abort = new AbortController();
    });
    afterEach(() => this.#runtime?.dispose());
  }

  get runtime(): Runtime {
    if (this.#runtime === undefined) throw new Error("No test runs.");
    return this.#runtime;
  }

  /** A path of this machine. */
  inside(name: string): string {
    return path.join(this.runtime.root, name);
  }

  context(over: { readonly runtime?: Runtime } = {}) {
    return tabContext(over.runtime ?? this.runtime, { signal: this.#abort.signal });
  }

  cancel(): void {
    this.#abort.abort(new DiscoError("cancelled", "The call was cancelled."));
  }

  async list(input: Partial<OperationInput<"list_files">>) {
    const { input: given, output } = registry.list_files;
    return output.parse(await fileHandlers.list_files(given.parse(input), this.context()));
  }

  async read(input: Partial<OperationInput<"read_file">>) {
    const { input: given, output } = registry.read_file;
    return output.parse(await fileHandlers.read_file(given.parse(input), this.context()));
  }

  async write(input: Partial<OperationInput<"write_file">>, runtime = this.runtime) {
    const { input: given, output } = registry.write_file;
    const context = this.context({ runtime });
    return output.parse(await fileHandlers.write_file(given.parse(input), context));
  }
}

/** The code with which a call fails; another text when it does not. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => new Error("It did not fail."),
    (failure: unknown) => failure,
  );
  return error instanceof DiscoError ? error.code : String(error);
}

/** SHA-256 as operations tell it. */
export function hashOf(bytes: string | Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
