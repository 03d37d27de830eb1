import { DiscardLine } from "../run/outcome.ts";
import type { Shell } from "../state/shell.ts";
import { readElement, writeElement } from "../state/element.ts";
import { evaluate } from "./arithmetic/evaluate.ts";
import { ArithmeticError } from "./arithmetic/tokens.ts";

/** The text of `$((…))`, `((…))`, a subscript or `let`: expanded first, then evaluated. */
export async function expandArithmetic(shell: Shell, text: string): Promise<bigint> {
  return evaluateText(
    shell,
    await shell.process.interpreter.expand.bodyText(shell, withoutQuotes(text)),
  );
}

/** Quotes around parts of an expression have no effect; those inside `$(…)` do. */
function withoutQuotes(text: string): string {
  return /\$\(|`/.test(text) ? text : text.replaceAll('"', "");
}

/** An expression that holds no expansions any more. */
export function evaluateText(shell: Shell, text: string): bigint {
  try {
    return evaluate(text, {
      get: (name, index) => {
        const value = readElement(shell, name, index, evaluateIndex(shell));
        if (value === undefined && shell.isOn("nounset")) throw shell.unbound(name);
        return value;
      },
      set: (name, index, value) => writeElement(shell, name, index, value, evaluateIndex(shell)),
    });
  } catch (error) {
    if (error instanceof ArithmeticError) throw new DiscardLine(error.message);
    throw error;
  }
}

export function evaluateIndex(shell: Shell): (text: string) => number {
  return (text) => Number(evaluateText(shell, text));
}
