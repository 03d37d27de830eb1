import type {
  ExportAllDeclaration,
  ExportDefaultDeclaration,
  ExportNamedDeclaration,
  Identifier,
  ImportAttribute,
  ImportDeclaration,
  Literal,
} from "acorn";
import { patternNames } from "./declared-names.ts";
import { Edits } from "./edits.ts";
import type { ImportEntry, IndirectExport, ModuleRequest, ModuleSyntax } from "./module-syntax.ts";
import { helper, NAMESPACE_KEY } from "./names.ts";
import { parseModule } from "./parse.ts";
import { rewriteNode } from "./rewrite-rules.ts";
import { type ImportNames, Rewriter } from "./rewriter.ts";

/**
 * Turns a module into a generator function. Its first step hands over getters of the exports, with
 * functions hoisted and everything else in its temporal dead zone; its second step runs the body.
 * Imported names become member reads, so that live bindings and cycles follow from JavaScript itself.
 *
 * @throws SyntaxError of acorn
 */
export function transformModule(source: string): ModuleSyntax {
  const program = parseModule(source);
  const collected = new ModuleParts(source);
  for (const node of program.body) if (node.type === "ImportDeclaration") collected.import(node);
  for (const node of program.body) {
    if (node.type === "ExportNamedDeclaration") collected.exportNamed(node);
    else if (node.type === "ExportDefaultDeclaration") collected.exportDefault(node);
    else if (node.type === "ExportAllDeclaration") collected.exportAll(node);
  }
  const rewriter = new Rewriter(collected.edits, collected.importNames, rewriteNode);
  rewriter.visitList(program.body);
  return collected.finish(rewriter.hasTopLevelAwait, rewriter.needsAsyncGenerator);
}

class ModuleParts {
  readonly edits = new Edits();
  readonly #source: string;
  readonly #requests: ModuleRequest[] = [];
  readonly #requestByKey = new Map<string, number>();
  readonly #imports = new Map<string, ImportEntry>();
  readonly #localExports: { readonly exported: string; readonly local: string }[] = [];
  readonly #indirect: IndirectExport[] = [];
  readonly #stars: number[] = [];
  /** Runs before the body: names of anonymous default exports. */
  #prologue = "";

  constructor(source: string) {
    this.#source = source;
  }

  get importNames(): ImportNames {
    return new Map(
      [...this.#imports].map(([local, { request, imported }]) => {
        const key = JSON.stringify(imported ?? NAMESPACE_KEY);
        const isPlain = imported !== null && /^[\w$]+$/.test(imported) && !/^\d/.test(imported);
        const text = `${helper.imports}${request}${isPlain ? `.${imported}` : `[${key}]`}`;
        return [local, { text, isNamespace: imported === null }];
      }),
    );
  }

  import(node: ImportDeclaration): void {
    const request = this.#request(node.source, node.attributes);
    for (const specifier of node.specifiers) {
      const imported =
        specifier.type === "ImportNamespaceSpecifier"
          ? null
          : specifier.type === "ImportDefaultSpecifier"
            ? "default"
            : nameOf(specifier.imported);
      this.#imports.set(specifier.local.name, { request, imported });
    }
    this.#blank(node);
  }

  exportNamed(node: ExportNamedDeclaration): void {
    const { declaration } = node;
    if (declaration) {
      if (declaration.type === "VariableDeclaration") {
        for (const { id } of declaration.declarations) {
          patternNames(id, (name) => this.#local(name, name));
        }
      } else this.#local(declaration.id.name, declaration.id.name);
      this.edits.replace(node.start, declaration.start, this.#lines(node.start, declaration.start));
      return;
    }
    const request = node.source ? this.#request(node.source, node.attributes) : null;
    for (const specifier of node.specifiers) {
      const [exported, local] = [nameOf(specifier.exported), nameOf(specifier.local)];
      const imported = request === null ? this.#imports.get(local) : { request, imported: local };
      if (imported === undefined) this.#local(exported, local);
      else this.#indirect.push({ exported, ...imported });
    }
    this.#blank(node);
  }

  exportDefault(node: ExportDefaultDeclaration): void {
    const { declaration } = node;
    const before = this.#lines(node.start, declaration.start);
    const isFunction = declaration.type === "FunctionDeclaration";
    if ((isFunction || declaration.type === "ClassDeclaration") && declaration.id) {
      this.#local("default", declaration.id.name);
      this.edits.replace(node.start, declaration.start, before);
      return;
    }
    this.#local("default", helper.defaultExport);
    if (isFunction) {
      this.edits.replace(node.start, declaration.start, before);
      const head = /^(?:async\s+)?function\s*\*?/.exec(this.#source.slice(declaration.start));
      this.edits.open(declaration.start + (head?.[0].length ?? 0), ` ${helper.defaultExport}`);
      this.#prologue = `Object.defineProperty(${helper.defaultExport},"name",{value:"default",configurable:true});`;
      return;
    }
    // As a property's value an anonymous function or class gets the name "default".
    const start = this.#endOfDefaultKeyword(node.start);
    const opening = `const ${helper.defaultExport} = {default: ${this.#lines(node.start, start)}`;
    this.edits.replace(node.start, start, opening);
    const isExpression = declaration.type !== "ClassDeclaration";
    const end = isExpression ? this.#endOfExpression(node.end) : node.end;
    this.edits.close(end, "}.default;");
  }

  exportAll(node: ExportAllDeclaration): void {
    const request = this.#request(node.source, node.attributes);
    if (node.exported) {
      this.#indirect.push({ exported: nameOf(node.exported), request, imported: null });
    } else this.#stars.push(request);
    this.#blank(node);
  }

  finish(hasTopLevelAwait: boolean, isAsync: boolean): ModuleSyntax {
    const body = this.edits.apply(this.#source);
    const getters = this.#localExports.map(
      ({ exported, local }) => `${JSON.stringify(exported)}:()=>${local}`,
    );
    const parameters = [
      helper.link,
      helper.meta,
      helper.import,
      helper.resume,
      helper.capture,
      ...this.#requests.map((_, index) => `${helper.imports}${index}`),
    ];
    const head =
      `(${isAsync ? "async " : ""}function*(${parameters.join(",")}){"use strict";` +
      `${helper.link}({__proto__:null,${getters.join(",")}});${this.#prologue}yield;`;
    return {
      requests: this.#requests,
      imports: [...this.#imports.values()],
      localExports: this.#localExports.map(({ exported }) => exported),
      indirectExports: this.#indirect,
      starExports: this.#stars,
      hasTopLevelAwait,
      code: `${head}${body.startsWith("#!") ? `//${body}` : body}\n})`,
    };
  }

  #local(exported: string, local: string): void {
    this.#localExports.push({ exported, local });
  }

  #request(source: Literal, attributes: readonly ImportAttribute[] = []): number {
    const specifier = String(source.value);
    const entries = attributes.map(({ key, value }): [string, string] => [
      nameOf(key),
      String(value.value),
    ]);
    const key = JSON.stringify([specifier, entries.toSorted(([a], [b]) => (a < b ? -1 : 1))]);
    const known = this.#requestByKey.get(key);
    if (known !== undefined) return known;
    const index = this.#requests.push({ specifier, attributes: Object.fromEntries(entries) }) - 1;
    this.#requestByKey.set(key, index);
    return index;
  }

  /** Takes a statement away; what stood before and behind it stays apart. */
  #blank({ start, end }: { start: number; end: number }): void {
    this.edits.replace(start, end, `;${this.#lines(start, end)}`);
  }

  #lines(start: number, end: number): string {
    return this.#source.slice(start, end).replaceAll(/[^\n]/g, "");
  }

  /** Behind `export default`, with whatever comments stand between the two words. */
  #endOfDefaultKeyword(start: number): number {
    const space = String.raw`(?:\s|\/\*[^]*?\*\/|\/\/[^\n]*\n)+`;
    const match = new RegExp(`^export${space}default`).exec(this.#source.slice(start));
    return start + (match?.[0].length ?? 0);
  }

  /** Before the semicolon that ends the statement. */
  #endOfExpression(end: number): number {
    return this.#source[end - 1] === ";" ? end - 1 : end;
  }
}

function nameOf(node: Identifier | Literal): string {
  return node.type === "Identifier" ? node.name : String(node.value);
}
