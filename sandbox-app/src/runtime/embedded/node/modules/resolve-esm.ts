import { type CodedError, nodeError } from "../builtins/errors/node-error.ts";
import { builtinName } from "./builtin-names.ts";
import { fromFileUrl, toFileUrl } from "./file-url.ts";
import type { ModuleFiles } from "./module-files.ts";
import type { PackageConfigs } from "./package-configs.ts";
import { parsePackageSpecifier } from "./package-specifier.ts";
import { importNotDefined, resolveExports, resolveImports } from "./package-targets.ts";

/** ESM_RESOLVE of Node's esm.md: a specifier and the URL of the module that asks, to a URL. */
export class EsmResolver {
  readonly #files: ModuleFiles;
  readonly #packages: PackageConfigs;
  readonly #conditions: ReadonlySet<string>;

  constructor(files: ModuleFiles, packages: PackageConfigs, conditions: ReadonlySet<string>) {
    this.#files = files;
    this.#packages = packages;
    this.#conditions = conditions;
  }

  resolve(specifier: string, parent: string): string {
    const builtin = builtinName(specifier);
    if (builtin !== null) return `node:${builtin}`;
    const url = this.#toUrl(specifier, parent);
    if (url.protocol === "file:") return this.#finish(url, specifier, parent);
    if (url.protocol === "data:") return url.href;
    if (url.protocol === "node:") {
      throw nodeError("ERR_UNKNOWN_BUILTIN_MODULE", `No such built-in module: ${url.href}`);
    }
    throw nodeError(
      "ERR_UNSUPPORTED_ESM_URL_SCHEME",
      "Only URLs with a scheme in: file and data are supported by the default ESM loader. " +
        `Received protocol '${url.protocol}'`,
    );
  }

  #toUrl(specifier: string, parent: string): URL {
    if (/^(?:\.{0,2}\/)/.test(specifier)) return relativeUrl(specifier, parent);
    if (specifier.startsWith("#")) return this.#resolveImport(specifier, parent);
    const absolute = URL.canParse(specifier) ? new URL(specifier) : null;
    return absolute ?? this.#resolvePackage(specifier, parent);
  }

  #resolveImport(specifier: string, parent: string): URL {
    const base = baseOf(parent);
    const config = parent.startsWith("file:") ? this.#packages.scopeOf(base) : null;
    if (config === null) throw importNotDefined(specifier, null, base);
    const resolvePackage = (name: string): string =>
      builtinName(name) === null
        ? this.#resolvePackage(name, parent).href
        : `node:${builtinName(name)}`;
    const request = { config, key: specifier, conditions: this.#conditions, base, resolvePackage };
    const target = resolveImports(request);
    return target.startsWith("/") ? toFileUrl(target) : new URL(target);
  }

  #resolvePackage(specifier: string, parent: string): URL {
    const parsed = parsePackageSpecifier(specifier);
    const base = baseOf(parent);
    if (parsed === null) {
      throw nodeError(
        "ERR_INVALID_MODULE_SPECIFIER",
        `Invalid module "${specifier}" is not a valid package name imported from ${base}`,
        TypeError,
      );
    }
    const from = parent.startsWith("file:") ? base : "/";
    const self = this.#packages.scopeOf(from);
    const request = { key: parsed.subpath, conditions: this.#conditions, base };
    if (self !== null && self.name === parsed.name && hasExports(self)) {
      return toFileUrl(resolveExports({ ...request, config: self }));
    }
    for (const directory of packageDirectories(from, parsed.name)) {
      if (this.#files.kind(directory) !== "directory") continue;
      const config = this.#packages.read(directory);
      if (config !== null && hasExports(config)) {
        return toFileUrl(resolveExports({ ...request, config }));
      }
      if (parsed.subpath !== ".") return toFileUrl(`${directory}/${parsed.subpath.slice(2)}`);
      return toFileUrl(this.#legacyMain(directory, config?.main ?? null, parsed.name, base));
    }
    throw notFound("package", parsed.name, base);
  }

  #indexHint(path: string, specifier: string): string {
    const isThere = this.#files.firstFile([`${path}/index.js`]) === 0;
    return isThere ? `\nDid you mean to import "${specifier}/index.js"?` : "";
  }

  /** LEGACY_MAIN_RESOLVE */
  #legacyMain(directory: string, main: string | null, name: string, base: string): string {
    const endings = ["", ".js", ".json", ".node", "/index.js", "/index.json", "/index.node"];
    const ofMain = main === null ? [] : endings.map((ending) => `${directory}/${main}${ending}`);
    const candidates = [...ofMain, `${directory}/index.js`, `${directory}/index.json`];
    const found = candidates[this.#files.firstFile(candidates)];
    if (found !== undefined) return found;
    throw notFound("package", main === null ? `${directory}/` : `${directory}/${main}`, base);
  }

  /** The file must exist; its real path is the module's identity, query and fragment are kept. */
  #finish(url: URL, specifier: string, parent: string): string {
    if (/%2f|%5c/i.test(url.pathname)) {
      throw nodeError(
        "ERR_INVALID_MODULE_SPECIFIER",
        `Invalid module "${url.pathname}" must not include encoded "/" or "\\" characters imported from ${baseOf(parent)}`,
        TypeError,
      );
    }
    const path = fromFileUrl(url);
    const kind = this.#files.kind(path);
    if (kind === "directory") {
      const error = nodeError(
        "ERR_UNSUPPORTED_DIR_IMPORT",
        `Directory import '${path}' is not supported resolving ES modules imported from ${baseOf(parent)}${this.#indexHint(path, specifier)}`,
      );
      throw Object.assign(error, { url: url.href });
    }
    if (kind === null) throw notFound("module", path, baseOf(parent), url.href);
    const real = toFileUrl(this.#files.realpath(path));
    return `${real.href}${url.search}${url.hash}`;
  }
}

/** @throws ERR_UNSUPPORTED_RESOLVE_REQUEST from a URL that nothing is relative to, as `data:` */
function relativeUrl(specifier: string, parent: string): URL {
  if (URL.canParse(specifier, parent)) return new URL(specifier, parent);
  throw nodeError(
    "ERR_UNSUPPORTED_RESOLVE_REQUEST",
    `Failed to resolve module specifier "${specifier}" from "${parent}": Invalid relative URL or base scheme is not hierarchical.`,
    TypeError,
  );
}

function hasExports(config: { exports: unknown }): boolean {
  return config.exports !== undefined && config.exports !== null;
}

function packageDirectories(from: string, name: string): string[] {
  const directories: string[] = [];
  for (let at = from.slice(0, from.lastIndexOf("/")); ; at = at.slice(0, at.lastIndexOf("/"))) {
    if (!at.endsWith("/node_modules")) directories.push(`${at}/node_modules/${name}`);
    if (at === "") return directories;
  }
}

/** How Node's messages name the module that asks. */
function baseOf(parent: string): string {
  return parent.startsWith("file:") ? fromFileUrl(new URL(parent)) : parent;
}

function notFound(
  what: "package" | "module",
  name: string,
  base: string,
  url?: string,
): CodedError {
  const error = nodeError(
    "ERR_MODULE_NOT_FOUND",
    `Cannot find ${what} '${name}' imported from ${base}`,
  );
  return url === undefined ? error : Object.assign(error, { url });
}
