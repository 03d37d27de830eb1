import { SyntheticModule } from "../esm/synthetic-module.ts";
import { builtinName } from "./builtin-names.ts";
import type { LoadedSource } from "./esm-loader.ts";
import { extensionOf, fileKind } from "./file-format.ts";
import { fromFileUrl } from "./file-url.ts";
import { nativeAddon, unknownBuiltin, unknownExtension } from "./module-errors.ts";
import { decodeSource, type ModuleFiles } from "./module-files.ts";
import type { PackageConfigs } from "./package-configs.ts";
import { isModuleSource, toJavaScript } from "./source-code.ts";
import {
  builtinModule,
  commonJsModule,
  jsonModule,
  lexCommonJs,
  namesOf,
} from "./synthetic-sources.ts";

export interface EsmSourcesHost {
  readonly files: ModuleFiles;
  readonly packages: PackageConfigs;
  builtin(name: string): unknown;
  /** Runs a file as CommonJS, or gives what it exported when it ran before. */
  loadCommonJs(path: string): unknown;
  /** Runs a source that is in no file. */
  runCommonJs(name: string, source: string): unknown;
  resolveCommonJs(specifier: string, parent: string): string;
}

/** Reads what a URL names, as what its kind says (Node, esm.md, ESM_FILE_FORMAT). */
export class EsmSources {
  readonly #host: EsmSourcesHost;
  readonly #builtins = new Map<string, SyntheticModule>();

  constructor(host: EsmSourcesHost) {
    this.#host = host;
  }

  read(url: string): LoadedSource {
    if (url.startsWith("node:")) return synthetic(this.#builtin(url));
    if (url.startsWith("data:")) return dataSource(url);
    const path = fromFileUrl(new URL(url));
    const { files, packages } = this.#host;
    const kind = fileKind(path, packages);
    if (kind === null) throw unknownExtension(extensionOf(path), path);
    const { format, syntax } = kind;
    if (format === "addon") throw nativeAddon(path);
    const bytes = files.read(path);
    if (format === "wasm") return synthetic(wasmModule(url, bytes));
    const source = decodeSource(bytes);
    if (format === "json")
      return synthetic(
        jsonModule(url, () => parseJson(source, path)),
        true,
      );
    const isModule =
      format === "module" ||
      (format === "detect" &&
        !isScript(source) &&
        isModuleSource(toJavaScript(source, syntax, path)));
    if (isModule) return { kind: "module", source, syntax };
    const names = this.#commonJsNames(path, toJavaScript(source, syntax, path), new Set());
    return synthetic(commonJsModule(url, [...names], () => this.#host.loadCommonJs(path)));
  }

  /** A source that a hook gave, as the format that it gave with it. */
  madeOf(
    url: string,
    { format, text, bytes }: { format: string; text: string; bytes: Uint8Array },
  ): LoadedSource {
    if (format === "builtin") return synthetic(this.#builtin(url));
    if (format === "wasm") return synthetic(wasmModule(url, bytes));
    if (format === "json") {
      return synthetic(
        jsonModule(url, () => parseJson(text, url)),
        true,
      );
    }
    const syntax = format.endsWith("-typescript") ? "typescript" : "javascript";
    if (format.startsWith("module")) return { kind: "module", source: text, syntax };
    const isFile = url.startsWith("file:");
    const path = isFile ? fromFileUrl(new URL(url)) : url;
    const script = toJavaScript(text, syntax, path);
    const names = this.#commonJsNames(path, script, new Set());
    const run = (): unknown =>
      isFile ? this.#host.loadCommonJs(path) : this.#host.runCommonJs(path, script);
    return synthetic(commonJsModule(url, [...names], run));
  }

  /** `syncBuiltinESMExports`: named exports of builtins take the values of today. */
  syncBuiltins(): void {
    for (const [url, module] of this.#builtins) {
      const exports = this.#host.builtin(url.slice("node:".length)) as Record<string, unknown>;
      for (const name of namesOf(exports)) if (name !== "default") module.set(name, exports[name]);
    }
  }

  #builtin(url: string): SyntheticModule {
    const name = builtinName(url);
    if (name === null) throw unknownBuiltin(url);
    const module = this.#builtins.get(url) ?? builtinModule(url, this.#host.builtin(name));
    this.#builtins.set(url, module);
    return module;
  }

  #commonJsNames(path: string, source: string, visited: Set<string>): Set<string> {
    visited.add(path);
    const { names, from } = lexCommonJs(source);
    const all = new Set(names);
    for (const specifier of from) {
      for (const name of this.#reexported(specifier, path, visited)) all.add(name);
    }
    return all;
  }

  #reexported(specifier: string, parent: string, visited: Set<string>): Iterable<string> {
    const builtin = builtinName(specifier);
    if (builtin !== null) return namesOf(this.#host.builtin(builtin));
    try {
      const path = this.#host.resolveCommonJs(specifier, parent);
      if (visited.has(path) || !/\.(?:c?js|cts|ts)$/.test(path)) return [];
      const syntax = fileKind(path, this.#host.packages)?.syntax ?? "javascript";
      const source = decodeSource(this.#host.files.read(path));
      return this.#commonJsNames(path, toJavaScript(source, syntax, path), visited);
    } catch {
      // It fails again, and is told, when the module runs.
      return [];
    }
  }
}

/** Without these words at the start of a line it is no module. */
function isScript(source: string): boolean {
  return !/\b(?:import|export|await)\b/.test(source);
}

function synthetic(module: SyntheticModule, isJson = false): LoadedSource {
  return { kind: "synthetic", module, isJson };
}

/** JSON.parse with the file's name in the message. */
export function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) error.message = `${path}: ${error.message}`;
    throw error;
  }
}

/** RFC 2397, with the media types that Node runs. */
function dataSource(url: string): LoadedSource {
  const match = /^data:([^,;]+)?((?:;[^,]*)*),(.*)$/s.exec(url);
  const [, type = "text/plain", parameters = "", body = ""] = match ?? [];
  const text = /;base64$/i.test(parameters)
    ? new TextDecoder().decode(
        Uint8Array.from(
          atob(decodeURIComponent(body)),
          (character) => character.codePointAt(0) ?? 0,
        ),
      )
    : decodeURIComponent(body.replace(/#.*$/s, ""));
  if (type === "text/javascript") return { kind: "module", source: text, syntax: "javascript" };
  if (type === "application/json")
    return synthetic(
      jsonModule(url, () => parseJson(text, url)),
      true,
    );
  throw unknownExtension(type, url);
}

/** A WebAssembly module without imports: its exports by name. */
function wasmModule(url: string, bytes: Uint8Array): SyntheticModule {
  const compiled = new WebAssembly.Module(new Uint8Array(bytes));
  const names = WebAssembly.Module.exports(compiled).map(({ name }) => name);
  return new SyntheticModule({
    url,
    names,
    evaluate(set) {
      const instance = new WebAssembly.Instance(compiled, {});
      for (const name of names) set(name, instance.exports[name]);
    },
  });
}
