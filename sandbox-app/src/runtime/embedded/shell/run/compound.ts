import type {
  ArithmeticFor,
  Case,
  Command,
  CommandNode,
  CompoundList,
  For,
  If,
  Redirected,
  Select,
  While,
} from "unbash";
import { expandArithmetic } from "../expand/arithmetic-text.ts";
import { patternToRegExp } from "../expand/pattern.ts";
import { quotedIfNeeded } from "../expand/quote.ts";
import { expandPattern, expandText, expandWords } from "../expand/word.ts";
import type { Shell } from "../state/shell.ts";
import { testExpression } from "./conditional.ts";
import { runCoproc } from "./coproc.ts";
import { DiscardLine, LoopJump, ShellError } from "./outcome.ts";
import { runInSubshell } from "./subshell.ts";
import { traceCommand } from "./trace.ts";

type Compound = Exclude<CommandNode, Command | Redirected>;

/** Runs a compound command, or defines a function. */
export async function runCompound(shell: Shell, node: Compound): Promise<number> {
  switch (node.type) {
    case "BraceGroup":
      return runList(shell, node.body);
    case "Subshell": {
      if (shell.isSubshell) {
        shell.isSubshell = false;
        return runList(shell, node.body);
      }
      const child = shell.subshell();
      return runInSubshell(child, () => runList(child, node.body));
    }
    case "If":
      return runIf(shell, node);
    case "While":
      return runWhile(shell, node);
    case "For":
      return runFor(shell, node);
    case "ArithmeticFor":
      return runArithmeticFor(shell, node);
    case "Select":
      return runSelect(shell, node);
    case "Case":
      return runCase(shell, node);
    case "TestCommand":
      shell.position = node.pos;
      return (await testExpression(shell, node.expression)) ? 0 : 1;
    case "ArithmeticCommand":
      shell.position = node.pos;
      await traceCommand(shell, [`(( ${node.body} ))`]);
      return (await arithmeticPart(shell, node.body)) === 0n ? 1 : 0;
    case "Function": {
      const { text: name } = node.name;
      const file = shell.file === "" ? "environment" : shell.file;
      shell.functions.set(name, { name, body: node.body, source: shell.source, file });
      return 0;
    }
    case "Coproc":
      return runCoproc(shell, node);
  }
}

/** A faulty expression of `((…))` fails that command; elsewhere it discards the line. */
async function arithmeticPart(shell: Shell, text: string): Promise<bigint> {
  try {
    return await expandArithmetic(shell, text);
  } catch (error) {
    if (error instanceof DiscardLine) throw new ShellError(`((: ${error.message}`);
    throw error;
  }
}

function runList(shell: Shell, { commands }: CompoundList): Promise<number> {
  return shell.process.interpreter.statements(shell, commands);
}

async function condition(shell: Shell, list: CompoundList): Promise<boolean> {
  shell.conditions++;
  try {
    return (await runList(shell, list)) === 0;
  } finally {
    shell.conditions--;
  }
}

async function runIf(shell: Shell, node: If): Promise<number> {
  if (await condition(shell, node.clause)) return runList(shell, node.then);
  for (const { clause, then } of node.elif) {
    if (await condition(shell, clause)) return runList(shell, then);
  }
  return node.else === undefined ? 0 : runList(shell, node.else);
}

/** Runs the body of a loop once; says whether the loop goes on. */
async function runTurn(
  shell: Shell,
  body: CompoundList,
  result: { status: number },
): Promise<boolean> {
  try {
    result.status = await runList(shell, body);
    return true;
  } catch (error) {
    if (!(error instanceof LoopJump)) throw error;
    result.status = 0;
    if (--error.levels > 0) throw error;
    return error.kind === "continue";
  }
}

async function inLoop(
  shell: Shell,
  body: (result: { status: number }) => Promise<void>,
): Promise<number> {
  const result = { status: 0 };
  shell.loops++;
  try {
    await body(result);
  } finally {
    shell.loops--;
  }
  return result.status;
}

function runWhile(shell: Shell, { kind, clause, body }: While): Promise<number> {
  return inLoop(shell, async (result) => {
    while (await whileCondition(shell, clause, kind, result)) {
      await shell.process.pace(shell.signal);
      if (!(await runTurn(shell, body, result))) break;
    }
  });
}

/** `break` in the condition leaves the loop too. */
async function whileCondition(
  shell: Shell,
  clause: CompoundList,
  kind: string,
  result: { status: number },
): Promise<boolean> {
  try {
    return (await condition(shell, clause)) === (kind === "while");
  } catch (error) {
    if (!(error instanceof LoopJump)) throw error;
    result.status = 0;
    if (--error.levels > 0) throw error;
    return error.kind === "continue" && whileCondition(shell, clause, kind, result);
  }
}

async function runFor(shell: Shell, { name, wordlist, body, pos }: For): Promise<number> {
  const values = wordlist === undefined ? shell.parameters : await expandWords(shell, wordlist);
  if (!/^[A-Za-z_]\w*$/.test(name.text))
    throw new ShellError(`\`${name.text}': not a valid identifier`);
  return inLoop(shell, async (result) => {
    for (const value of values) {
      await shell.process.pace(shell.signal);
      shell.position = pos;
      await traceCommand(shell, [
        `for ${name.text} in ${(wordlist ?? []).map(({ text }) => text).join(" ")}`,
      ]);
      shell.variables.set(name.text, value);
      if (!(await runTurn(shell, body, result))) break;
    }
  });
}

function runArithmeticFor(
  shell: Shell,
  { initialize, test, update, body }: ArithmeticFor,
): Promise<number> {
  const evaluate = (part: ArithmeticFor["test"]): Promise<bigint> =>
    part === undefined ? Promise.resolve(1n) : arithmeticPart(shell, shell.source.slice(part));
  return inLoop(shell, async (result) => {
    await evaluate(initialize);
    for (; (await evaluate(test)) !== 0n; await evaluate(update)) {
      await shell.process.pace(shell.signal);
      if (!(await runTurn(shell, body, result))) break;
    }
  });
}

async function runCase(shell: Shell, { word, items }: Case): Promise<number> {
  const value = await expandText(shell, word);
  await traceCommand(shell, [`case ${quotedIfNeeded(value)} in`]);
  const ignoreCase = shell.options.shopt.has("nocasematch");
  let status = 0;
  let fallsThrough = false;
  for (const { pattern, body, terminator } of items) {
    if (!fallsThrough && !(await matchesAny(shell, value, pattern, ignoreCase))) continue;
    status = await runList(shell, body);
    if (terminator === undefined || terminator === ";;") return status;
    fallsThrough = terminator === ";&";
  }
  return status;
}

async function matchesAny(
  shell: Shell,
  value: string,
  patterns: Case["items"][number]["pattern"],
  ignoreCase: boolean,
): Promise<boolean> {
  for (const pattern of patterns) {
    if (patternToRegExp(await expandPattern(shell, pattern), { ignoreCase }).test(value))
      return true;
  }
  return false;
}

async function runSelect(shell: Shell, { name, wordlist, body }: Select): Promise<number> {
  const values = wordlist === undefined ? shell.parameters : await expandWords(shell, wordlist);
  if (values.length === 0) return 0;
  const width = String(values.length).length;
  const menu = values
    .map((value, index) => `${String(index + 1).padStart(width)}) ${value}\n`)
    .join("");
  return inLoop(shell, async (result) => {
    let isShown = false;
    for (;;) {
      if (!isShown) await shell.complain(menu);
      isShown = true;
      await shell.complain(shell.variables.get("PS3") ?? "#? ");
      const line = await shell.descriptors.get(0)?.readUntil();
      if (line === undefined || line.byteLength === 0) {
        await shell.print("\n");
        result.status = 1;
        return;
      }
      const reply = new TextDecoder().decode(line.slice()).replace(/\n$/, "");
      if (reply.trim() === "") {
        isShown = false;
        continue;
      }
      shell.variables.set("REPLY", reply);
      shell.variables.set(name.text, values[Number(reply) - 1] ?? "");
      if (!(await runTurn(shell, body, result))) return;
    }
  });
}
