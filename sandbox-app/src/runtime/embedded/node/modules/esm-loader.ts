import type { AsyncContext } from "../async-context/async-context.ts";
import { nodeError } from "../builtins/errors/node-error.ts";
import { evaluate } from "../esm/evaluate.ts";
import { graphOf, linkGraph } from "../esm/link.ts";
import { compileModule } from "../esm/module-code.ts";
import { type AnyModule, SourceModule } from "../esm/source-module.ts";
import type { SyntheticModule } from "../esm/synthetic-module.ts";
import { fromFileUrl } from "./file-url.ts";
import type { FileKind } from "./file-format.ts";
import { asyncModule, requireCycle } from "./module-errors.ts";
import { moduleSyntax, toJavaScript } from "./source-code.ts";

export type ImportAttributes = Readonly<Record<string, string>>;

/** What a URL turned out to be. */
export type LoadedSource =
  | { readonly kind: "module"; readonly source: string; readonly syntax: FileKind["syntax"] }
  | { readonly kind: "synthetic"; readonly module: SyntheticModule; readonly isJson: boolean };

export interface EsmLoaderHost {
  readonly context: AsyncContext;
  resolve(specifier: string, parent: string, attributes: ImportAttributes): string;
  /** @throws when the URL cannot be loaded */
  read(url: string, attributes: ImportAttributes): LoadedSource;
  meta(url: string): object;
  shifted(url: string, columns: number): void;
  /** Marks a syntax error with the place in the file. */
  explain(error: unknown, url: string, source: string): unknown;
}

/** Loads, links and evaluates modules by URL; each URL once. */
export class EsmLoader {
  readonly #host: EsmLoaderHost;
  readonly #modules = new Map<string, AnyModule>();

  constructor(host: EsmLoaderHost) {
    this.#host = host;
  }

  /** `import()`: every failure is a rejection, and nothing runs before the caller goes on. */
  async import(specifier: unknown, parent: string, options?: unknown): Promise<object> {
    const attributes = attributesOf(options);
    const url = this.#host.resolve(String(specifier), parent, attributes);
    // Nothing of the module may run before the caller goes on.
    await Promise.resolve();
    const module = this.#get(url, attributes);
    this.#link(module);
    await evaluate(module);
    return module.namespace;
  }

  /** `require()` of a module. @throws ERR_REQUIRE_ASYNC_MODULE, ERR_REQUIRE_CYCLE_MODULE */
  require(url: string, parent: string | null): object {
    const module = this.#get(url, {});
    this.#link(module);
    const graph = graphOf(module);
    const path = url.startsWith("file:") ? fromFileUrl(new URL(url)) : url;
    if (graph.some(({ status }) => status === "evaluating")) throw requireCycle(path);
    const isPending = ({ status, hasAwait }: SourceModule): boolean =>
      status === "evaluating-async" || (hasAwait && status !== "evaluated");
    if (graph.some(isPending)) throw asyncModule(path, parent);
    void evaluate(module);
    return module.namespace;
  }

  /** Runs a source that is in no file, under a URL that only it has. */
  async evaluateSource(source: string, url: string): Promise<object> {
    const module = this.#create(url, { source, syntax: "javascript" });
    this.#modules.set(url, module);
    this.#link(module);
    await evaluate(module);
    return module.namespace;
  }

  #link(module: AnyModule): void {
    linkGraph(
      module,
      (parent, request) => {
        const { specifier, attributes } = parent.syntax.requests[request] ?? {
          specifier: "",
          attributes: {},
        };
        return this.#get(this.#host.resolve(specifier, parent.url, attributes), attributes);
      },
      ({ url }) => this.#modules.delete(url),
    );
  }

  #get(url: string, attributes: ImportAttributes): AnyModule {
    const known = this.#modules.get(url);
    if (known !== undefined) {
      checkAttributes(url, attributes, this.#json.has(known));
      return known;
    }
    const loaded = this.#host.read(url, attributes);
    checkAttributes(url, attributes, loaded.kind === "synthetic" && loaded.isJson);
    const module = loaded.kind === "synthetic" ? loaded.module : this.#create(url, loaded);
    if (loaded.kind === "synthetic" && loaded.isJson) this.#json.add(module);
    this.#modules.set(url, module);
    return module;
  }

  readonly #json = new WeakSet<AnyModule>();

  #create(
    url: string,
    { source, syntax }: { source: string; syntax: FileKind["syntax"] },
  ): SourceModule {
    try {
      const parsed = moduleSyntax(toJavaScript(source, syntax, url));
      return new SourceModule(url, parsed, () =>
        compileModule(parsed.code, url, {
          meta: this.#host.meta(url),
          context: this.#host.context,
          shifted: (columns) => this.#host.shifted(url, columns),
          import: (specifier, options) => this.import(specifier, url, options),
        }),
      );
    } catch (error) {
      throw this.#host.explain(error, url, source);
    }
  }
}

function attributesOf(options: unknown): ImportAttributes {
  const attributes = (options as { with?: unknown } | null | undefined)?.with;
  return typeof attributes === "object" && attributes !== null
    ? (attributes as ImportAttributes)
    : {};
}

/** JSON must be asked for as such, and nothing else may be (Node, esm.md, "Import attributes"). */
function checkAttributes(url: string, attributes: ImportAttributes, isJson: boolean): void {
  for (const key of Object.keys(attributes)) {
    if (key === "type") continue;
    throw nodeError(
      "ERR_IMPORT_ATTRIBUTE_UNSUPPORTED",
      `Import attribute "${key}" with value "${attributes[key]}" is not supported`,
      TypeError,
    );
  }
  const { type } = attributes;
  if (isJson && type === undefined) {
    throw nodeError(
      "ERR_IMPORT_ATTRIBUTE_MISSING",
      `Module "${url}" needs an import attribute of "type: json"`,
      TypeError,
    );
  }
  if (type !== undefined && type !== "json") {
    throw nodeError(
      "ERR_IMPORT_ATTRIBUTE_UNSUPPORTED",
      `Import attribute "type" with value "${type}" is not supported`,
      TypeError,
    );
  }
  if (type === "json" && !isJson) {
    throw nodeError(
      "ERR_IMPORT_ATTRIBUTE_TYPE_INCOMPATIBLE",
      `Module "${url}" is not of type "json"`,
      TypeError,
    );
  }
}
