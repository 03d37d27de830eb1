import { evaluateText } from "../expand/arithmetic-text.ts";
import { resolvePath } from "../../kernel/path.ts";
import { errnoWords } from "../redirect/error-words.ts";
import { DiscardLine, Exit, LoopJump, MISUSE, NOT_FOUND, Return } from "../run/outcome.ts";
import { findProgram, isRunnable } from "../run/program.ts";
import { type Builtin, type BuiltinCall, fail } from "./builtin.ts";

const STATUS_MASK = 255;

export const succeed: Builtin = () => Promise.resolve(0);
export const failAlways: Builtin = () => Promise.resolve(1);

function loopJump(kind: "break" | "continue"): Builtin {
  return async (call) => {
    const { shell, args } = call;
    const text = args[0] ?? "1";
    if (shell.loops === 0) return 0;
    if (!/^[+-]?\d+$/.test(text)) {
      await fail(call, `${text}: numeric argument required`);
      throw new Exit(STATUS_OF_BAD_NUMBER);
    }
    if (Number(text) < 1) {
      await fail(call, `${text}: loop count out of range`);
      throw new LoopJump("break", shell.loops);
    }
    throw new LoopJump(kind, Math.min(Number(text), shell.loops));
  };
}

const STATUS_OF_BAD_NUMBER = 128;

export const breakLoop = loopJump("break");
export const continueLoop = loopJump("continue");

export const exitShell: Builtin = async (call) => {
  const { shell, args } = call;
  const [text] = args;
  if (text !== undefined && !/^[+-]?\d+$/.test(text)) {
    await fail(call, `${text}: numeric argument required`);
    throw new Exit(MISUSE);
  }
  if (args.length > 1) return fail(call, "too many arguments");
  throw new Exit(text === undefined ? shell.status : Number(text) & STATUS_MASK);
};

export const returnFrom: Builtin = async (call) => {
  const { shell, args } = call;
  const [text] = args;
  if (shell.frames.length === 0)
    return fail(call, "can only `return' from a function or sourced script", 2);
  if (text !== undefined && !/^[+-]?\d+$/.test(text)) {
    await fail(call, `${text}: numeric argument required`);
    throw new Return(MISUSE);
  }
  throw new Return(text === undefined ? shell.status : Number(text) & STATUS_MASK);
};

export const shift: Builtin = async (call) => {
  const { shell, args } = call;
  const count = Number(args[0] ?? "1");
  if (!Number.isInteger(count)) return fail(call, `${args[0] ?? ""}: numeric argument required`);
  if (count < 0) return fail(call, `${count}: shift count out of range`);
  if (count > shell.parameters.length) return 1;
  shell.parameters = shell.parameters.slice(count);
  return 0;
};

export const evalText: Builtin = async ({ shell, args }) => {
  shell.traceDepth++;
  try {
    return await shell.process.interpreter.text(shell, args.join(" "));
  } finally {
    shell.traceDepth--;
  }
};

export const source: Builtin = async (call) => {
  const { shell, name } = call;
  const args = call.args[0] === "--" ? call.args.slice(1) : call.args;
  const [file, ...parameters] = args;
  if (file === undefined) {
    await fail(call, "filename argument required");
    await shell.complain(`${name}: usage: ${name} filename [arguments]\n`);
    return MISUSE;
  }
  const text = await readScript(call, file);
  if (text === null) return 1;
  const before = shell.parameters;
  const { frames } = shell;
  shell.frames = [{ name: "source", file, line: shell.line }, ...frames];
  if (parameters.length > 0) shell.parameters = parameters;
  const given = shell.parameters;
  try {
    return await shell.process.interpreter.text(shell, text, { file });
  } catch (error) {
    if (error instanceof Return) return error.status;
    throw error;
  } finally {
    shell.frames = frames;
    if (parameters.length > 0 && shell.parameters === given) shell.parameters = before;
  }
};

async function readScript({ shell }: BuiltinCall, file: string): Promise<string | null> {
  const found = file.includes("/") ? null : onPath(shell, file);
  try {
    const bytes =
      file.startsWith("/dev/fd/") || file === "/dev/stdin"
        ? await shell.descriptors.get(Number(file.split("/").at(-1)) || 0)?.readAll()
        : await shell.process.system.call("readFile", found ?? resolvePath(shell.cwd, file));
    return new TextDecoder().decode(bytes?.slice());
  } catch (error) {
    await shell.report(`${file}: ${errnoWords(error)}`);
    return null;
  }
}

/** Sourced files need no permission to execute. */
function onPath(shell: BuiltinCall["shell"], file: string): string | null {
  for (const directory of (shell.variables.get("PATH") ?? "").split(":")) {
    const candidate = resolvePath(resolvePath(shell.cwd, directory), file);
    if (isRunnable(shell, candidate)) return candidate;
  }
  return null;
}

export const execProgram: Builtin = async (call) => {
  const { shell } = call;
  const args = [...call.args];
  let zero: string | undefined;
  let isEmpty = false;
  while (/^-[acl]/.test(args[0] ?? "")) {
    const option = args.shift();
    if (option === "-a") zero = args.shift();
    if (option === "-c") isEmpty = true;
  }
  if (args[0] === "--") args.shift();
  const [name = ""] = args;
  if (name === "") return 0;
  if (findProgram(shell, name) === null) {
    await shell.report(`exec: ${name}: not found`);
    throw new Exit(NOT_FOUND);
  }
  if (isEmpty)
    for (const [known, variable] of shell.variables.visible())
      if (known !== "PATH") variable.attributes.exported = false;
  // The worker stays, but nothing of the shell runs after the program.
  shell.traps.actions.delete("EXIT");
  const argv = zero === undefined ? args : [name, ...args.slice(1)];
  throw new Exit(
    await shell.process.interpreter.command(shell, argv, { functions: false, builtins: false }),
  );
};

export const letExpressions: Builtin = async (call) => {
  const { shell, args } = call;
  if (args.length === 0) return fail(call, "expression expected");
  let last = 0n;
  try {
    for (const arg of args) last = evaluateText(shell, arg);
  } catch (error) {
    if (error instanceof DiscardLine) return fail(call, error.message);
    throw error;
  }
  return last === 0n ? 1 : 0;
};

export const caller: Builtin = async ({ shell, args }) => {
  const level = Number(args[0] ?? "0");
  const frame = shell.frames[level];
  // A command line has no file that could have called.
  if (frame === undefined || (shell.process.script === "" && level + 1 >= shell.frames.length))
    return 1;
  const above = shell.frames[level + 1];
  const file = above?.file ?? (shell.file === "" ? "NULL" : shell.file);
  await shell.print(
    args.length === 0
      ? `${frame.line} ${file}\n`
      : `${frame.line} ${above?.name ?? "main"} ${file}\n`,
  );
  return 0;
};

export const times: Builtin = async ({ shell }) => {
  await shell.print("0m0.000s 0m0.000s\n0m0.000s 0m0.000s\n");
  return 0;
};
