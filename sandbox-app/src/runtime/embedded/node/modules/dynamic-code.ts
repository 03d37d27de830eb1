import { helper } from "../esm/names.ts";
import type { CallSite } from "../stack/guest-frame.ts";
import type { DynamicImport } from "./commonjs-code.ts";
import { prepareScript } from "./source-code.ts";

/** What code that a program makes while it runs needs of the loader. */
export interface DynamicCodeHost {
  readonly global: typeof globalThis;
  readonly resume: unknown;
  readonly capture: unknown;
  import(specifier: string, referrer: string, options?: unknown): Promise<unknown>;
  /** For code that no file seems to have made. */
  cwd(): string;
}

/** The engine's own import() knows nothing of the container's files. */
const IMPORT = /\bimport\b/;

/**
 * `import()` in texts that become code: of `eval`, of `Function` and its like, of `vm`. Such code sees
 * only globals, so that what it needs stands there, hidden and under names of our own.
 */
export class DynamicCode {
  readonly #host: DynamicCodeHost;
  readonly #importers = new Map<string, DynamicImport>();

  constructor(host: DynamicCodeHost) {
    this.#host = host;
  }

  /** Defines the globals, and takes the place of the four constructors of functions. */
  install(): void {
    const { global, resume, capture } = this.#host;
    const hidden = {
      [helper.resume]: resume,
      [helper.capture]: capture,
      // For a function that was made anew from its own source.
      [helper.import]: (specifier: unknown, options: unknown) =>
        this.#importer(this.#running())(specifier, options),
      [helper.importFrom]: (referrer: string): DynamicImport => this.#importer(referrer),
      [helper.evaluated]: (source: unknown) =>
        typeof source === "string" ? this.prepare(source, null) : source,
    };
    for (const [name, value] of Object.entries(hidden)) {
      Object.defineProperty(global, name, { value, writable: true, configurable: true });
    }
    for (const head of ["function", "async function", "function*", "async function*"]) {
      this.#replaceConstructor(head);
    }
  }

  /** @param importer null: `import()` is relative to the file that is running */
  prepare(source: string, importer: DynamicImport | null): string {
    return prepareScript(source, IMPORT.test(source) ? this.#nameOf(importer) : helper.import);
  }

  #nameOf(importer: DynamicImport | null): string {
    const referrer = importer === null ? this.#running() : `vm:${this.#importers.size}`;
    if (importer !== null) this.#importers.set(referrer, importer);
    return `${helper.importFrom}(${JSON.stringify(referrer)})`;
  }

  #running(): string {
    return runningFile() ?? `${this.#host.cwd()}/[eval]`;
  }

  #importer(referrer: string): DynamicImport {
    return (
      this.#importers.get(referrer) ??
      ((specifier, options) => this.#host.import(String(specifier), referrer, options))
    );
  }

  /** @param head how the functions that it makes begin */
  #replaceConstructor(head: string): void {
    // oxlint-disable-next-line no-eval
    const prototype = Object.getPrototypeOf((0, eval)(`(${head} () {})`)) as {
      constructor: FunctionConstructor;
    };
    const native = prototype.constructor;
    const replacement: FunctionConstructor = new Proxy(native, {
      apply: (_target, _self, texts: unknown[]) =>
        Reflect.construct(native, this.#preparedTexts(head, texts)) as unknown,
      construct: (_target, texts: unknown[], newTarget) =>
        Reflect.construct(
          native,
          this.#preparedTexts(head, texts),
          newTarget === replacement ? native : newTarget,
        ) as object,
    });
    Object.defineProperty(prototype, "constructor", { value: replacement });
    if (head === "function") {
      Object.defineProperty(this.#host.global, "Function", { value: replacement });
    }
  }

  #preparedTexts(head: string, texts: readonly unknown[]): readonly unknown[] {
    const body = texts.at(-1);
    if (typeof body !== "string" || !IMPORT.test(body)) return texts;
    const parameters = texts.slice(0, -1);
    // The text that the engine will compile (ECMA-262, 20.2.1.1.1).
    const start = `${head} anonymous(${parameters.join(",")}\n) {\n`;
    const end = "\n}";
    const prepared = this.prepare(`${start}${body}${end}`, null);
    if (!prepared.startsWith(start)) return texts;
    return [...parameters, prepared.slice(start.length, -end.length)];
  }
}

/** The guest's file that runs now, by the engine's stack; its name as its code was compiled with. */
function runningFile(): string | null {
  const usual = Object.getOwnPropertyDescriptor(Error, "prepareStackTrace");
  let files: (string | null | undefined)[] = [];
  Object.defineProperty(Error, "prepareStackTrace", {
    value: (_error: unknown, frames: readonly CallSite[]) => {
      files = frames.map((frame) => frame.getFileName() ?? frame.getScriptNameOrSourceURL());
    },
    configurable: true,
  });
  // Reading the stack is what makes the engine call.
  void new Error("where").stack;
  if (usual === undefined) Reflect.deleteProperty(Error, "prepareStackTrace");
  else Object.defineProperty(Error, "prepareStackTrace", usual);
  const file = files.find((name) => /^(?:\/|file:|data:)/.test(name ?? ""));
  return file?.replaceAll(/%(?:20|09)/g, (space) => decodeURIComponent(space)) ?? null;
}
