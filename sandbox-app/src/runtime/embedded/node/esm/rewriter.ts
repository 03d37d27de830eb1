import type { AnyNode, Function as FunctionNode, Statement, ModuleDeclaration } from "acorn";
import { lexicalNames, patternNames, varNames } from "./declared-names.ts";
import type { Edits } from "./edits.ts";
import { helper } from "./names.ts";

/** What an imported name is written as, e.g. `__disco_i0.name`. */
export type ImportNames = ReadonlyMap<
  string,
  { readonly text: string; readonly isNamespace: boolean }
>;

type List = readonly (Statement | ModuleDeclaration)[];

interface FunctionScope {
  readonly isTopLevel: boolean;
  readonly isAsync: boolean;
}

/** State of one walk over a program; the rules for each node stand in `rewrite-rules.ts`. */
export class Rewriter {
  readonly edits: Edits;
  /** What stands in place of `import` in `import()`. */
  readonly dynamicImport: string;
  readonly #imports: ImportNames;
  readonly #visit: (node: AnyNode, rewriter: Rewriter) => void;
  /** Imported names that inner declarations hide, innermost last. */
  readonly #hidden: ReadonlySet<string>[] = [];
  #function: FunctionScope = { isTopLevel: true, isAsync: true };
  /** Where an expression statement begins whose first token must not be a parenthesis. */
  #statementStart = -1;
  hasTopLevelAwait = false;
  /** A top-level `for await` or `await using` was seen. */
  needsAsyncGenerator = false;
  usesMeta = false;

  constructor(
    edits: Edits,
    imports: ImportNames,
    visit: (node: AnyNode, rewriter: Rewriter) => void,
    dynamicImport: string = helper.import,
  ) {
    this.edits = edits;
    this.dynamicImport = dynamicImport;
    this.#imports = imports;
    this.#visit = visit;
  }

  visit(node: AnyNode | null | undefined): void {
    if (node !== null && node !== undefined) this.#visit(node, this);
  }

  visitAll(nodes: readonly (AnyNode | null)[]): void {
    for (const node of nodes) this.visit(node);
  }

  /** A list of statements: only here a line break may end a statement. */
  visitList(list: List): void {
    for (const statement of list) {
      this.#statementStart = statement.type === "ExpressionStatement" ? statement.start : -1;
      this.visit(statement);
    }
    this.#statementStart = -1;
  }

  /** A statement that stands alone, as the body of an `if` or a loop. */
  visitSingle(statement: AnyNode | null | undefined): void {
    this.#statementStart = -1;
    this.visit(statement);
  }

  /** Every child, where no rule is needed. */
  visitChildren(node: AnyNode): void {
    for (const key in node) {
      const value: unknown = node[key as keyof AnyNode];
      if (typeof value !== "object" || value === null) continue;
      if (Array.isArray(value)) {
        for (const item of value as (AnyNode | null)[]) if (isNode(item)) this.visit(item);
      } else if (isNode(value)) this.visit(value);
    }
  }

  /** Text for a name when it means an import here; null when it means something else. */
  importText(name: string): { text: string; isNamespace: boolean } | null {
    const found = this.#imports.get(name);
    if (found === undefined || this.#hidden.some((names) => names.has(name))) return null;
    return found;
  }

  /** A called import loses its object, so that `this` stays undefined. */
  callee(node: { name: string; start: number; end: number }): void {
    const found = this.importText(node.name);
    if (found === null) return;
    const guard = node.start === this.#statementStart ? ";" : "";
    const text = found.isNamespace ? found.text : `${guard}(0,${found.text})`;
    this.edits.replace(node.start, node.end, text);
  }

  withNames(collect: (add: (name: string) => void) => void, walk: () => void): void {
    if (this.#imports.size === 0) {
      walk();
      return;
    }
    const names = new Set<string>();
    collect((name) => {
      if (this.#imports.has(name)) names.add(name);
    });
    if (names.size > 0) this.#hidden.push(names);
    walk();
    if (names.size > 0) this.#hidden.pop();
  }

  block(list: List): void {
    this.withNames(
      (add) => lexicalNames(list, add),
      () => this.visitList(list),
    );
  }

  function(node: FunctionNode): void {
    const { body } = node;
    this.withNames(
      (add) => {
        if (node.type === "FunctionExpression" && node.id) add(node.id.name);
        for (const parameter of node.params) patternNames(parameter, add);
        if (body.type !== "BlockStatement") return;
        varNames(body, add);
        lexicalNames(body.body, add);
      },
      () =>
        this.inFunction(node.async, () => {
          this.visitAll(node.params);
          if (body.type === "BlockStatement") this.visitList(body.body);
          else this.visit(body);
        }),
    );
  }

  inFunction(isAsync: boolean, walk: () => void): void {
    const outer = this.#function;
    const start = this.#statementStart;
    this.#function = { isTopLevel: false, isAsync };
    this.#statementStart = -1;
    walk();
    this.#function = outer;
    this.#statementStart = start;
  }

  /** Told by the rule of labels before it visits their statement. */
  readonly labelled = new WeakSet<AnyNode>();

  isLabelled(node: AnyNode): boolean {
    return this.labelled.has(node);
  }

  get isTopLevel(): boolean {
    return this.#function.isTopLevel;
  }

  get isAsync(): boolean {
    return this.#function.isAsync;
  }
}

function isNode(value: unknown): value is AnyNode {
  return typeof (value as { type?: unknown } | null)?.type === "string";
}
