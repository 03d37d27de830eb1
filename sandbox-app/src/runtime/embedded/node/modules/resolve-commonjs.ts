import { nodeError } from "../builtins/errors/node-error.ts";
import { resolvePath } from "../../kernel/path.ts";
import type { ModuleFiles } from "./module-files.ts";
import type { PackageConfigs } from "./package-configs.ts";
import { parsePackageSpecifier } from "./package-specifier.ts";
import { importNotDefined, resolveExports, resolveImports } from "./package-targets.ts";

export interface CommonJsRequest {
  readonly specifier: string;
  /** Directory of the file that asks. */
  readonly directory: string;
  /** Path of the file that asks, for its package; null in a REPL. */
  readonly filename: string | null;
  /** Where packages are looked for: `node_modules` directories, in order. */
  readonly paths: readonly string[];
  readonly conditions: ReadonlySet<string>;
  /** `.js`, `.json`, …: the keys of `require.extensions`. */
  readonly extensions: readonly string[];
}

/** `require.resolve` (Node, modules.md, "All together"). */
export class CommonJsResolver {
  readonly #files: ModuleFiles;
  readonly #packages: PackageConfigs;

  constructor(files: ModuleFiles, packages: PackageConfigs) {
    this.#files = files;
    this.#packages = packages;
  }

  /** Real path of the file; null when there is none. */
  resolve(request: CommonJsRequest): string | null {
    const { specifier } = request;
    if (isPath(specifier)) return this.#resolvePath(request);
    if (specifier.startsWith("#")) {
      const found = this.#resolveImport(request);
      if (found !== undefined) return found;
    }
    return this.#resolveSelf(request) ?? this.#resolvePackage(request);
  }

  #resolvePath({ specifier, directory, extensions }: CommonJsRequest): string | null {
    const path = resolvePath(directory, specifier);
    const meansDirectory = /(?:^|\/)\.{0,2}$/.test(specifier);
    const file = meansDirectory ? null : this.#asFile(path, extensions);
    return file ?? this.#asDirectory(path, extensions);
  }

  #asFile(path: string, extensions: readonly string[]): string | null {
    const candidates = [path, ...extensions.map((extension) => path + extension)];
    const found = candidates[this.#files.firstFile(candidates)];
    return found === undefined ? null : this.#files.realpath(found);
  }

  #asDirectory(path: string, extensions: readonly string[]): string | null {
    if (this.#files.kind(path) !== "directory") return null;
    const main = this.#packages.read(path)?.main ?? null;
    const index = (at: string): string | null =>
      this.#asFileOnly(resolvePath(at, "index"), extensions);
    if (main === null || main === "") return index(path);
    const target = resolvePath(path, main);
    const found = this.#asFile(target, extensions) ?? index(target) ?? index(path);
    if (found !== null) return found;
    const error = nodeError(
      "MODULE_NOT_FOUND",
      `Cannot find module '${target}'. Please verify that the package.json has a valid "main" entry`,
    );
    throw Object.assign(error, { path: `${path}/package.json` });
  }

  #asFileOnly(path: string, extensions: readonly string[]): string | null {
    const candidates = extensions.map((extension) => path + extension);
    const found = candidates[this.#files.firstFile(candidates)];
    return found === undefined ? null : this.#files.realpath(found);
  }

  #resolveImport(request: CommonJsRequest): string | undefined {
    const { specifier, filename, conditions } = request;
    if (filename === null) return undefined;
    const config = this.#packages.scopeOf(filename);
    if (config?.imports === null || config === null) return undefined;
    const target = resolveImports({
      config,
      key: specifier,
      conditions,
      base: filename,
      resolvePackage: (name) => this.#importedPackage(request, name),
    });
    if (!target.startsWith("/")) return target;
    return this.#existing(target, importNotDefined(specifier, config, filename));
  }

  /** A target of "imports" that names a package or a builtin. */
  #importedPackage(request: CommonJsRequest, specifier: string): string {
    if (specifier.startsWith("node:")) return specifier;
    const found =
      this.#resolveSelf({ ...request, specifier }) ??
      this.#resolvePackage({ ...request, specifier });
    // Builtins without scheme stay as they are: the caller knows them.
    return found ?? specifier;
  }

  #resolveSelf({ specifier, filename, conditions }: CommonJsRequest): string | null {
    const parsed = parsePackageSpecifier(specifier);
    if (filename === null || parsed === null) return null;
    const config = this.#packages.scopeOf(filename);
    if (config === null || config.exports === undefined || config.exports === null) return null;
    if (config.name !== parsed.name) return null;
    const target = resolveExports({ config, key: parsed.subpath, conditions, base: null });
    return this.#existing(target, notFound(target));
  }

  #resolvePackage(request: CommonJsRequest): string | null {
    const { specifier, paths, conditions, extensions } = request;
    const parsed = parsePackageSpecifier(specifier);
    for (const path of paths) {
      const config = parsed === null ? null : this.#packages.read(resolvePath(path, parsed.name));
      if (
        parsed !== null &&
        config !== null &&
        config.exports !== undefined &&
        config.exports !== null
      ) {
        const target = resolveExports({ config, key: parsed.subpath, conditions, base: null });
        return this.#existing(target, notFound(target));
      }
      const target = resolvePath(path, specifier);
      const file = specifier.endsWith("/") ? null : this.#asFile(target, extensions);
      const found = file ?? this.#asDirectory(target, extensions);
      if (found !== null) return found;
    }
    return null;
  }

  #existing(path: string, missing: Error): string {
    if (this.#files.kind(path) !== "file") throw missing;
    return this.#files.realpath(path);
  }
}

/** `./x`, `../x`, `/x`, `.` and `..`. */
export function isPath(specifier: string): boolean {
  return /^(?:\.{0,2}\/|\.{1,2}$)/.test(specifier);
}

/** `Module._nodeModulePaths`: every `node_modules` from a directory up. */
export function nodeModulePaths(directory: string): string[] {
  const paths: string[] = [];
  for (let at = directory; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    if (at !== "/" && !at.endsWith("/node_modules")) paths.push(`${at}/node_modules`);
  }
  return [...paths, "/node_modules"];
}

function notFound(path: string): Error {
  return Object.assign(nodeError("MODULE_NOT_FOUND", `Cannot find module '${path}'`), { path });
}
