import type { TestBinaryExpression, TestExpression } from "unbash";
import { expandArithmetic } from "../expand/arithmetic-text.ts";
import { escapePattern, patternToRegExp, characterClasses } from "../expand/pattern.ts";
import { quotedIfNeeded } from "../expand/quote.ts";
import { expandPattern, expandRegExp, expandText } from "../expand/word.ts";
import type { Shell } from "../state/shell.ts";
import { Variable } from "../state/variable.ts";
import { DiscardLine, ShellError } from "./outcome.ts";
import { compareFiles, compareNumbers, unaryTest } from "./file-tests.ts";
import { traceCommand } from "./trace.ts";

/** Evaluates what stands in `[[ … ]]`. */
export async function testExpression(shell: Shell, node: TestExpression): Promise<boolean> {
  switch (node.type) {
    case "TestGroup":
      return testExpression(shell, node.expression);
    case "TestNot": {
      const is = await testExpression(shell, node.operand);
      return node.negations.length % 2 === 1 ? !is : is;
    }
    case "TestLogical": {
      for (const operand of node.operands) {
        const is = await testExpression(shell, operand);
        if (is !== (node.operator === "&&")) return is;
      }
      return node.operator === "&&";
    }
    case "TestUnary": {
      const operand = await expandText(shell, node.operand);
      await traceCommand(shell, ["[[", node.operator, quotedIfNeeded(operand), "]]"]);
      return unaryTest(shell, node.operator, operand);
    }
    case "TestBinary":
      return testBinary(shell, node);
  }
}

async function testBinary(
  shell: Shell,
  { operator, left, right }: TestBinaryExpression,
): Promise<boolean> {
  const first = await expandText(shell, left);
  const ignoreCase = shell.options.shopt.has("nocasematch");
  if (operator === "=~")
    return matchRegExp(shell, first, await expandRegExp(shell, right), ignoreCase);
  if (operator === "==" || operator === "=" || operator === "!=") {
    const pattern = await expandPattern(shell, right);
    const shown = await expandText(shell, right);
    await traceCommand(shell, [
      "[[",
      quotedIfNeeded(first),
      operator,
      pattern === escapePattern(shown) ? quotedIfNeeded(shown) : pattern,
      "]]",
    ]);
    return patternToRegExp(pattern, { ignoreCase }).test(first) === (operator !== "!=");
  }
  const second = await expandText(shell, right);
  await traceCommand(shell, ["[[", quotedIfNeeded(first), operator, quotedIfNeeded(second), "]]"]);
  if (operator === "<") return first < second;
  if (operator === ">") return first > second;
  const files = compareFiles(shell, operator, first, second);
  if (files !== null) return files;
  const numbers = compareNumbers(
    operator,
    await expandArithmetic(shell, first),
    await expandArithmetic(shell, second),
  );
  if (numbers === null) throw new ShellError(`${operator}: binary operator expected`, 2);
  return numbers;
}

function matchRegExp(shell: Shell, text: string, source: string, ignoreCase: boolean): boolean {
  let matcher: RegExp;
  try {
    matcher = new RegExp(fromPosix(source), ignoreCase ? "isu" : "su");
  } catch {
    throw new ShellError("", 2);
  }
  const match = matcher.exec(text);
  const items = new Map(Array.from(match ?? [], (group, index) => [index, group ?? ""] as const));
  const variable = shell.variables.declare("BASH_REMATCH", "global");
  variable.content = new Variable({ kind: "indexed", items }).content;
  return match !== null;
}

/** A POSIX extended regular expression as JavaScript wants it with the `u` flag. */
export function fromPosix(source: string): string {
  let result = "";
  for (let at = 0; at < source.length;) {
    const char = source.charAt(at);
    if (char === "[") {
      const [length, set] = bracket(source.slice(at));
      result += set;
      at += length;
    } else if (char === "\\") {
      const next = source.charAt(at + 1);
      result += /[\^$.*+?()[\]{}|\\/bBwWsSdD]/.test(next)
        ? `\\${next}`
        : next.replace("<", "\\b").replace(">", "\\b");
      at += 2;
    } else {
      // A brace that starts no repetition is a character.
      const isPlainBrace =
        (char === "{" && !/^\{\d+(,\d*)?\}/.test(source.slice(at))) ||
        (char === "}" && !/\{\d+(,\d*)?$/.test(source.slice(0, at)));
      result += isPlainBrace || char === "]" ? `\\${char}` : char;
      at++;
    }
  }
  return result;
}

function bracket(text: string): [number, string] {
  const match = /^\[(\^?)(\]?(?:\[[:.=].*?[:.=]\]|[^\]])*)\]/s.exec(text);
  if (match === null) throw new DiscardLine("invalid regular expression");
  const [whole, caret = "", body = ""] = match;
  const set = body.replaceAll(
    /\[:(\w+):\]|\[[.=](.)[.=]\]|[\\[\]^]/g,
    (found, name?: string, char?: string) => {
      if (name !== undefined) return characterClasses[name] ?? "";
      return `\\${char ?? found}`;
    },
  );
  return [whole.length, `[${caret}${set.replace(/^-|-$/g, "\\-")}]`];
}
