import { nodeError } from "../builtins/errors/node-error.ts";
import { decodeSource, type ModuleFiles } from "./module-files.ts";

/** What the loader reads of a package.json; other types of values count as absent. */
export interface PackageConfig {
  /** Directory of the package, absolute. */
  readonly directory: string;
  readonly name: string | null;
  readonly main: string | null;
  readonly type: "module" | "commonjs" | "none";
  readonly exports: unknown;
  readonly imports: Readonly<Record<string, unknown>> | null;
}

/** Reads each package.json once. */
export class PackageConfigs {
  readonly #files: ModuleFiles;
  readonly #byDirectory = new Map<string, PackageConfig | null>();
  readonly #scopes = new Map<string, PackageConfig | null>();

  constructor(files: ModuleFiles) {
    this.#files = files;
  }

  /** @throws ERR_INVALID_PACKAGE_CONFIG */
  read(directory: string): PackageConfig | null {
    const known = this.#byDirectory.get(directory);
    if (known !== undefined) return known;
    const path = `${directory === "/" ? "" : directory}/package.json`;
    const config =
      this.#files.firstFile([path]) === 0 ? parse(directory, path, this.#text(path)) : null;
    this.#byDirectory.set(directory, config);
    return config;
  }

  /** The package that a file belongs to (Node, packages.md, LOOKUP_PACKAGE_SCOPE). */
  scopeOf(path: string): PackageConfig | null {
    const directory = path.slice(0, path.lastIndexOf("/"));
    const known = this.#scopes.get(directory);
    if (known !== undefined) return known;
    const scope = this.#findScope(directory);
    this.#scopes.set(directory, scope);
    return scope;
  }

  #findScope(start: string): PackageConfig | null {
    for (let directory = start; ; directory = directory.slice(0, directory.lastIndexOf("/"))) {
      if (directory.endsWith("/node_modules")) return null;
      const config = this.read(directory === "" ? "/" : directory);
      if (config !== null || directory === "") return config;
    }
  }

  #text(path: string): string {
    return decodeSource(this.#files.read(path));
  }
}

function parse(directory: string, path: string, text: string): PackageConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw nodeError("ERR_INVALID_PACKAGE_CONFIG", `Invalid package config ${path}.`);
  }
  const fields = (typeof json === "object" && json !== null ? json : {}) as Record<string, unknown>;
  const { name, main, type, imports } = fields;
  return {
    directory,
    name: typeof name === "string" ? name : null,
    main: typeof main === "string" ? main : null,
    type: type === "module" || type === "commonjs" ? type : "none",
    exports: fields["exports"],
    imports:
      typeof imports === "object" && imports !== null ? (imports as Record<string, unknown>) : null,
  };
}
