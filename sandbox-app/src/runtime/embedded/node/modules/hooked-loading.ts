import { Buffer } from "buffer/index.js";
import { resolvePath } from "../../kernel/path.ts";
import { builtinName } from "./builtin-names.ts";
import type { LoadedSource } from "./esm-loader.ts";
import { type FileKind, fileKind } from "./file-format.ts";
import { fromFileUrl, toFileUrl } from "./file-url.ts";
import { type Loaded, type ModuleHooks, sourceBytes, sourceText } from "./module-hooks.ts";
import { decodeSource, type ModuleFiles } from "./module-files.ts";
import type { PackageConfigs } from "./package-configs.ts";

type Attributes = Readonly<Record<string, string>>;

interface GivenSource {
  readonly format: string;
  readonly text: string;
  readonly bytes: Uint8Array;
}

export interface HookedLoadingHost {
  readonly hooks: ModuleHooks;
  readonly files: ModuleFiles;
  readonly packages: PackageConfigs;
  /** Of `import` and of `require`. */
  readonly conditions: { readonly import: readonly string[]; readonly require: readonly string[] };
  resolveImport(specifier: string, parent: string): string;
  /** What an URL is without hooks. */
  read(url: string): LoadedSource;
  /** What a source is that a hook gave. */
  madeOf(url: string, given: GivenSource): LoadedSource;
}

const CONTEXT_FORMATS: Readonly<Record<string, string>> = {
  module: "module",
  commonjs: "commonjs",
  json: "json",
  wasm: "wasm",
  addon: "addon",
};

/** Finding and reading modules while a program has hooks for it. */
export class HookedLoading {
  readonly #host: HookedLoadingHost;
  /** Modules that `require` has read and not made yet: hooks are asked once. */
  readonly #required = new Map<string, GivenSource>();

  constructor(host: HookedLoadingHost) {
    this.#host = host;
  }

  /** For `import`. @returns a URL */
  resolveImport(specifier: string, parentURL: string, importAttributes: Attributes): string {
    const { hooks, conditions } = this.#host;
    if (!hooks.resolves) return this.#host.resolveImport(specifier, parentURL);
    const context = { conditions: conditions.import, importAttributes, parentURL };
    const usual = (
      name: string,
      { parentURL: parent = parentURL },
    ): { url: string; format: string | null | undefined; importAttributes: Attributes } => {
      const url = this.#host.resolveImport(name, parent);
      return { url, format: this.#formatOf(url, null), importAttributes };
    };
    return hooks.resolve(specifier, context, usual).url;
  }

  /** For `require`. @returns a path, the name of a builtin, or the URL that a hook made up */
  resolveRequire(
    specifier: string,
    parent: string | null,
    resolve: (specifier: string) => string,
  ): string {
    const { hooks, conditions } = this.#host;
    if (!hooks.resolves) return resolve(specifier);
    const parentURL = parent === null ? undefined : toFileUrl(parent).href;
    const context = { conditions: conditions.require, importAttributes: noAttributes, parentURL };
    const { url } = hooks.resolve(specifier, context, (name) => {
      const found = resolve(name.startsWith("file:") ? fromFileUrl(new URL(name)) : name);
      const builtin = builtinName(found);
      const foundUrl = builtin === null ? toFileUrl(found).href : `node:${builtin}`;
      return { url: foundUrl, format: undefined, importAttributes: undefined };
    });
    return url.startsWith("file:") ? resolvePath("/", fromFileUrl(new URL(url))) : url;
  }

  /** For `import`. */
  read(url: string, importAttributes: Attributes): LoadedSource {
    const { hooks, conditions, files } = this.#host;
    if (!hooks.loads) return this.#host.read(url);
    const required = this.#required.get(url);
    if (required !== undefined) {
      this.#required.delete(url);
      return this.#host.madeOf(url, required);
    }
    const context = {
      conditions: conditions.import,
      format: this.#formatOf(url, null),
      importAttributes,
    };
    let untouched: Loaded | null = null;
    const loaded = hooks.load(url, context, (at, { format }) => {
      const isFile = at.startsWith("file:");
      // Hooks expect a Buffer: they turn it into text by `String(source)`.
      const source = isFile ? Buffer.from(files.read(fromFileUrl(new URL(at)))) : null;
      const known = at.startsWith("node:") ? "builtin" : format;
      untouched = { format: known ?? this.#detected(at), source };
      return untouched;
    });
    if (loaded === untouched) return this.#host.read(url);
    return this.#host.madeOf(url, {
      format: loaded.format ?? "module",
      text: sourceText(loaded),
      bytes: sourceBytes(loaded),
    });
  }

  /** For `require`. @param file a path, or the URL that a hook made up */
  loadRequired(file: string): {
    readonly format: string | null | undefined;
    readonly text: string;
  } {
    const { hooks, conditions, files } = this.#host;
    const url = file.startsWith("/") ? toFileUrl(file).href : file;
    const context = {
      conditions: conditions.require,
      format: this.#formatOf(url, undefined),
      importAttributes: noAttributes,
    };
    const loaded = hooks.load(url, context, (at, { format }) => ({
      source: decodeSource(files.read(fromFileUrl(new URL(at)))),
      format,
    }));
    const { format } = loaded;
    const text = sourceText(loaded);
    if (format?.startsWith("module") === true) {
      this.#required.set(url, { format, text, bytes: new Uint8Array() });
    }
    return { format, text };
  }

  /** @param unknown what stands for a file whose text decides */
  #formatOf(url: string, unknown: null | undefined): string | null | undefined {
    if (!url.startsWith("file:")) return undefined;
    const kind = this.#kindOf(url);
    if (kind === null || kind.format === "detect") return unknown;
    const format = CONTEXT_FORMATS[kind.format];
    return kind.syntax === "typescript" ? `${format}-typescript` : format;
  }

  #detected(url: string): string {
    const read = this.#host.read(url);
    const base = read.kind === "module" ? "module" : "commonjs";
    return this.#kindOf(url)?.syntax === "typescript" ? `${base}-typescript` : base;
  }

  #kindOf(url: string): FileKind | null {
    return fileKind(fromFileUrl(new URL(url)), this.#host.packages);
  }
}

const noAttributes: Attributes = Object.freeze({});
