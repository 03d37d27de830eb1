import { parse, type AnyNode, type Options, type Program, type Statement } from "acorn";
import { patternNames } from "../esm/declared-names.ts";
import { Edits } from "../esm/edits.ts";

/** What one input becomes: code for the global scope, whose declarations outlive it. */
export interface ReplCode {
  readonly code: string;
  /** The code is a promise of the value. */
  readonly isAsync: boolean;
  /** Names that may not be declared again, and those among them that may not change. */
  readonly lexical: readonly string[];
  readonly constants: readonly string[];
}

const options: Options = {
  ecmaVersion: "latest",
  sourceType: "script",
  allowAwaitOutsideFunction: true,
};

/** Whether more lines may make sense of what the parser stumbles over at the end. */
export function isIncomplete(source: string): boolean {
  try {
    parse(asExpression(source), options);
    return false;
  } catch (error) {
    const { message, pos } = error as { message: string; pos?: number };
    if (/^Unterminated (?:template|comment)/.test(message)) return true;
    return message.startsWith("Unexpected token") && pos === source.length;
  }
}

/** @throws SyntaxError of acorn for what is no script; the engine words most of them better */
export function replCode(source: string): ReplCode {
  const text = asExpression(source);
  const program = parse(text, options);
  const lexical: string[] = [];
  const constants: string[] = [];
  for (const statement of program.body) {
    if (statement.type === "ClassDeclaration") lexical.push(statement.id.name);
    if (statement.type !== "VariableDeclaration" || statement.kind === "var") continue;
    for (const name of declaredNames(statement)) {
      lexical.push(name);
      if (statement.kind === "const") constants.push(name);
    }
  }
  const isAsync = program.body.some((statement) => awaits(statement));
  const code = isAsync ? asyncCode(text, program) : syncCode(text, program);
  return { code, isAsync, lexical, constants };
}

/** `{ a: 1 }` is an object here. */
function asExpression(source: string): string {
  if (!/^\s*\{/.test(source) || /;\s*$/.test(source)) return source;
  try {
    parse(`(${source}\n)`, options);
    return `(${source}\n)`;
  } catch {
    return source;
  }
}

/** Evaluated code keeps `let`, `const` and `class` to itself; `var` it shares. */
function syncCode(text: string, program: Program): string {
  const edits = new Edits();
  for (const statement of program.body) {
    if (statement.type === "VariableDeclaration" && statement.kind !== "var") {
      edits.replace(statement.start, statement.start + statement.kind.length, "var");
      for (const { id, init } of statement.declarations)
        if (!init) edits.close(id.end, "=undefined");
    } else if (statement.type === "ClassDeclaration") {
      edits.open(statement.start, `var ${statement.id.name}=`);
      edits.close(statement.end, ";");
    }
  }
  return edits.apply(text);
}

/** As an async function that assigns what is declared outside of it; its result is the last value. */
function asyncCode(text: string, program: Program): string {
  const edits = new Edits();
  const names = new Set<string>();
  for (const statement of program.body) {
    if (statement.type === "VariableDeclaration") {
      for (const name of declaredNames(statement)) names.add(name);
      const parts = statement.declarations.map(({ id, init }) => {
        const value = init ? text.slice(init.start, init.end) : "undefined";
        return `(${text.slice(id.start, id.end)}=${value})`;
      });
      edits.replace(statement.start, statement.end, `void(${parts.join(",")});`);
    } else if (statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration") {
      names.add(statement.id.name);
      edits.open(statement.start, `${statement.id.name}=`);
      edits.close(statement.end, ";");
    }
  }
  const last = program.body.at(-1);
  if (last?.type === "ExpressionStatement") {
    edits.open(last.start, "return (");
    edits.close(last.expression.end, ")");
  }
  const declared = names.size === 0 ? "" : `var ${[...names].join(",")};`;
  return `${declared}(async()=>{${edits.apply(text)}\n})()`;
}

function declaredNames(statement: Statement & { type: "VariableDeclaration" }): string[] {
  const names: string[] = [];
  for (const { id } of statement.declarations) patternNames(id, (name) => names.push(name));
  return names;
}

/** Whether an await stands below a node, outside of functions. */
function awaits(node: AnyNode): boolean {
  if (node.type === "AwaitExpression" || (node.type === "ForOfStatement" && node.await))
    return true;
  if (/Function/.test(node.type) || node.type === "StaticBlock") return false;
  return Object.values(node).some((value: unknown) => {
    const children: unknown[] = Array.isArray(value) ? value : [value];
    return children.some(
      (child) =>
        typeof (child as { type?: unknown } | null)?.type === "string" && awaits(child as AnyNode),
    );
  });
}
