import type {
  AnyNode,
  CallExpression,
  CatchClause,
  Class,
  ForInStatement,
  ForOfStatement,
  ForStatement,
} from "acorn";
import { awaitForOf, awaitTry, rewriteAwait } from "./await-edits.ts";
import { lexicalNames, patternNames, varNames } from "./declared-names.ts";
import { helper } from "./names.ts";
import type { Rewriter } from "./rewriter.ts";

/** Rewrites one node and what is below it. */
export function rewriteNode(node: AnyNode, to: Rewriter): void {
  switch (node.type) {
    case "Identifier":
      rewriteName(node, to);
      break;
    case "FunctionDeclaration":
    case "FunctionExpression":
    case "ArrowFunctionExpression":
      to.function(node);
      break;
    case "ClassDeclaration":
    case "ClassExpression":
      rewriteClass(node, to);
      break;
    case "MetaProperty":
      if (node.meta.name !== "import") break;
      to.usesMeta = true;
      to.edits.replace(node.start, node.end, helper.meta);
      break;
    case "ImportExpression":
      to.edits.replace(node.start, node.start + "import".length, to.dynamicImport);
      to.visit(node.source);
      to.visit(node.options);
      break;
    case "AwaitExpression":
      if (to.isTopLevel) to.hasTopLevelAwait = true;
      rewriteAwait(node, to);
      break;
    default:
      rewriteExpression(node, to);
  }
}

function rewriteExpression(node: AnyNode, to: Rewriter): void {
  switch (node.type) {
    case "MemberExpression":
      to.visit(node.object);
      if (node.computed) to.visit(node.property);
      break;
    case "CallExpression":
      if (node.callee.type === "Identifier") to.callee(node.callee);
      else to.visit(node.callee);
      if (isEval(node.callee)) prepareEvaluated(node, to);
      to.visitAll(node.arguments);
      break;
    case "TaggedTemplateExpression":
      if (node.tag.type === "Identifier") to.callee(node.tag);
      else to.visit(node.tag);
      to.visit(node.quasi);
      break;
    case "Property":
      rewriteProperty(node, to);
      break;
    case "MethodDefinition":
    case "PropertyDefinition":
      if (node.computed) to.visit(node.key);
      // A field's initializer is a function of its own, which is never async.
      to.inFunction(false, () => to.visit(node.value));
      break;
    case "StaticBlock":
      to.withNames(
        (add) => {
          for (const statement of node.body) varNames(statement, add);
        },
        () => to.inFunction(false, () => to.block(node.body)),
      );
      break;
    default:
      rewriteStatement(node, to);
  }
}

/** `eval(…)`, `(0, eval)(…)` and `globalThis.eval(…)`. */
function isEval(callee: AnyNode): boolean {
  if (callee.type === "Identifier") return callee.name === "eval";
  if (callee.type === "SequenceExpression") return isEval(callee.expressions.at(-1) as AnyNode);
  return (
    callee.type === "MemberExpression" &&
    callee.object.type === "Identifier" &&
    /^global(?:This)?$/.test(callee.object.name) &&
    callee.property.type === "Identifier" &&
    isEval(callee.property)
  );
}

/** The call stays what it is: a direct one sees the names around it. */
function prepareEvaluated(node: CallExpression, to: Rewriter): void {
  const [source] = node.arguments;
  if (source === undefined || source.type === "SpreadElement") return;
  to.edits.open(source.start, `${helper.evaluated}(`);
  to.edits.close(source.end, ")");
}

function rewriteStatement(node: AnyNode, to: Rewriter): void {
  switch (node.type) {
    case "BlockStatement":
      to.block(node.body);
      break;
    case "CatchClause":
      rewriteCatch(node, to);
      break;
    case "TryStatement":
      awaitTry(node, to, () => {
        to.visit(node.block);
        to.visit(node.handler);
        to.visit(node.finalizer);
      });
      break;
    case "ForStatement":
      withLoopNames(node.init, to, () => {
        to.visitSingle(node.init);
        to.visit(node.test);
        to.visit(node.update);
        to.visitSingle(node.body);
      });
      break;
    case "ForInStatement":
      rewriteForEach(node, to);
      break;
    case "ForOfStatement":
      if (node.await && to.isTopLevel) noteAsyncStatement(to);
      awaitForOf(node, to, () => rewriteForEach(node, to));
      break;
    case "SwitchStatement":
      to.visit(node.discriminant);
      to.withNames(
        (add) => {
          for (const { consequent } of node.cases) lexicalNames(consequent, add);
        },
        () => {
          for (const { test, consequent } of node.cases) {
            to.visit(test);
            to.visitList(consequent);
          }
        },
      );
      break;
    case "VariableDeclaration":
      if (node.kind === "await using" && to.isTopLevel) noteAsyncStatement(to);
      to.visitChildren(node);
      break;
    default:
      rewriteSimple(node, to);
  }
}

function noteAsyncStatement(to: Rewriter): void {
  to.hasTopLevelAwait = true;
  to.needsAsyncGenerator = true;
}

function rewriteSimple(node: AnyNode, to: Rewriter): void {
  switch (node.type) {
    case "IfStatement":
      to.visit(node.test);
      to.visitSingle(node.consequent);
      to.visitSingle(node.alternate);
      break;
    case "LabeledStatement":
    case "WhileStatement":
    case "DoWhileStatement":
    case "WithStatement":
      if (node.type === "WithStatement") to.visit(node.object);
      else if (node.type === "LabeledStatement") to.labelled.add(node.body);
      else to.visit(node.test);
      to.visitSingle(node.body);
      break;
    case "ExportNamedDeclaration":
    case "ExportDefaultDeclaration":
      to.visit(node.declaration);
      break;
    case "ImportDeclaration":
    case "ExportAllDeclaration":
    case "BreakStatement":
    case "ContinueStatement":
      break;
    default:
      to.visitChildren(node);
  }
}

function rewriteName(node: { name: string; start: number; end: number }, to: Rewriter): void {
  const found = to.importText(node.name);
  if (found !== null) to.edits.replace(node.start, node.end, found.text);
}

function rewriteProperty(
  node: AnyNode & { key: AnyNode; value: AnyNode; computed: boolean; shorthand: boolean },
  to: Rewriter,
): void {
  if (node.computed) to.visit(node.key);
  if (!node.shorthand) {
    to.visit(node.value);
    return;
  }
  // `{ x }` and, in patterns, `{ x = 1 }`: the key stays and the value is spelled out.
  const name = node.value.type === "AssignmentPattern" ? node.value.left : node.value;
  const found = name.type === "Identifier" ? to.importText(name.name) : null;
  if (found !== null) to.edits.replace(name.end, name.end, `: ${found.text}`);
  if (node.value.type === "AssignmentPattern") to.visit(node.value.right);
}

function rewriteClass(node: Class, to: Rewriter): void {
  to.withNames(
    (add) => {
      if (node.id) add(node.id.name);
    },
    () => {
      to.visit(node.superClass);
      to.visitAll(node.body.body);
    },
  );
}

function rewriteCatch(node: CatchClause, to: Rewriter): void {
  to.withNames(
    (add) => {
      if (node.param) patternNames(node.param, add);
    },
    () => {
      to.visit(node.param);
      to.visit(node.body);
    },
  );
}

function rewriteForEach(node: ForInStatement | ForOfStatement, to: Rewriter): void {
  withLoopNames(node.left, to, () => {
    to.visitSingle(node.left);
    to.visit(node.right);
    to.visitSingle(node.body);
  });
}

function withLoopNames(
  head: ForStatement["init"] | ForInStatement["left"],
  to: Rewriter,
  walk: () => void,
): void {
  const declared = head?.type === "VariableDeclaration" ? head.declarations : [];
  to.withNames((add) => {
    for (const { id } of declared) patternNames(id, add);
  }, walk);
}
