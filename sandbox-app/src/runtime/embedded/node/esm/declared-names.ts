import type { AnyNode, Pattern, Statement, ModuleDeclaration } from "acorn";

type Add = (name: string) => void;
type ListItem = Statement | ModuleDeclaration;

/** Names that a binding pattern declares. */
export function patternNames(pattern: Pattern, add: Add): void {
  switch (pattern.type) {
    case "Identifier":
      add(pattern.name);
      break;
    case "ObjectPattern":
      for (const part of pattern.properties) {
        patternNames(part.type === "RestElement" ? part.argument : part.value, add);
      }
      break;
    case "ArrayPattern":
      for (const element of pattern.elements) if (element !== null) patternNames(element, add);
      break;
    case "AssignmentPattern":
      patternNames(pattern.left, add);
      break;
    case "RestElement":
      patternNames(pattern.argument, add);
      break;
    case "MemberExpression":
      break;
  }
}

/** `let`, `const`, classes and functions of one statement list (LexicallyDeclaredNames). */
export function lexicalNames(list: readonly ListItem[], add: Add): void {
  for (const statement of list) {
    if (statement.type === "VariableDeclaration") {
      if (statement.kind === "var") continue;
      for (const { id } of statement.declarations) patternNames(id, add);
    } else if (statement.type === "FunctionDeclaration" || statement.type === "ClassDeclaration") {
      // Only the default export of a module has no name.
      if (statement.id !== null) add(statement.id.name);
    }
  }
}

/** `var`s below a statement, in blocks too, not in functions (VarDeclaredNames). */
export function varNames(node: AnyNode | null | undefined, add: Add): void {
  switch (node?.type) {
    case "VariableDeclaration":
      if (node.kind === "var") for (const { id } of node.declarations) patternNames(id, add);
      break;
    case "BlockStatement":
      for (const statement of node.body) varNames(statement, add);
      break;
    case "IfStatement":
      varNames(node.consequent, add);
      varNames(node.alternate, add);
      break;
    case "ForStatement":
      varNames(node.init, add);
      varNames(node.body, add);
      break;
    case "ForInStatement":
    case "ForOfStatement":
      varNames(node.left, add);
      varNames(node.body, add);
      break;
    case "WhileStatement":
    case "DoWhileStatement":
    case "LabeledStatement":
    case "WithStatement":
      varNames(node.body, add);
      break;
    case "TryStatement":
      varNames(node.block, add);
      varNames(node.handler?.body, add);
      varNames(node.finalizer, add);
      break;
    case "SwitchStatement":
      for (const { consequent } of node.cases) for (const item of consequent) varNames(item, add);
      break;
    default:
      break;
  }
}
