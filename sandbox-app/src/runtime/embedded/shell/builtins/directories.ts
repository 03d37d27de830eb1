import { HOME } from "../../kernel/layout.ts";
import { resolvePath } from "../../kernel/path.ts";
import { errnoWords } from "../redirect/error-words.ts";
import type { Shell } from "../state/shell.ts";
import {
  BadOption,
  type Builtin,
  type BuiltinCall,
  fail,
  parseOptions,
  refuse,
} from "./builtin.ts";

export const cd: Builtin = async (call) => {
  const { shell } = call;
  const parsed = parseOptions(call.args, "LPe@");
  if (parsed instanceof BadOption) return refuse(call, parsed, "cd [-L|[-P [-e]] [-@]] [dir]");
  const { operands, letters } = parsed;
  if (operands.length > 1) return fail(call, "too many arguments");
  const target = await destination(call, operands[0]);
  if (target === null) return 1;
  const { path, isShown } = target;
  const isPhysical = letters.has("P") || shell.isOn("physical");
  const status = await changeTo(call, path, isPhysical);
  if (status === 0 && isShown) await shell.print(`${shell.cwd}\n`);
  return status;
};

async function destination(
  call: BuiltinCall,
  operand: string | undefined,
): Promise<{ path: string; isShown: boolean } | null> {
  const { shell } = call;
  if (operand === undefined) {
    const home = shell.variables.get("HOME");
    if (home !== undefined) return { path: home, isShown: false };
    await fail(call, "HOME not set");
    return null;
  }
  if (operand === "-") {
    const old = shell.variables.get("OLDPWD");
    if (old !== undefined) return { path: old, isShown: true };
    await fail(call, "OLDPWD not set");
    return null;
  }
  const searched = shell.variables.get("CDPATH");
  if (searched !== undefined && !/^\.{0,2}\/|^\.\.?$/.test(operand)) {
    for (const directory of searched.split(":")) {
      const candidate = resolvePath(resolvePath(shell.cwd, directory), operand);
      if (isDirectory(shell, candidate)) return { path: candidate, isShown: directory !== "" };
    }
  }
  return { path: operand, isShown: false };
}

function isDirectory(shell: Shell, path: string): boolean {
  try {
    return shell.process.system.callSync("stat", path).type === "directory";
  } catch {
    return false;
  }
}

/** Changes the directory, with PWD and OLDPWD. */
async function changeTo(call: BuiltinCall, path: string, isPhysical = false): Promise<number> {
  const { shell } = call;
  const { system } = shell.process;
  const target = resolvePath(shell.cwd, path === "" ? "." : path);
  try {
    if (system.callSync("stat", target).type !== "directory")
      return await fail(call, `${path}: Not a directory`);
    const found = isPhysical ? system.callSync("realpath", target) : target;
    shell.variables.set("OLDPWD", shell.variables.get("PWD") ?? shell.cwd);
    shell.variables.set("PWD", found);
    shell.cwd = found;
    return 0;
  } catch (error) {
    return fail(call, `${path}: ${errnoWords(error)}`);
  }
}

export const pwd: Builtin = async (call) => {
  const { shell } = call;
  const parsed = parseOptions(call.args, "LP");
  if (parsed instanceof BadOption) return refuse(call, parsed, "pwd [-LP]");
  const isPhysical = parsed.letters.has("P");
  await shell.print(
    `${isPhysical ? shell.process.system.callSync("realpath", shell.cwd) : shell.cwd}\n`,
  );
  return 0;
};

const tilde = (path: string): string =>
  path === HOME || path.startsWith(`${HOME}/`) ? `~${path.slice(HOME.length)}` : path;

async function show(shell: Shell): Promise<number> {
  await shell.print(`${[shell.cwd, ...shell.directories].map(tilde).join(" ")}\n`);
  return 0;
}

/** Place in the stack that `+1` or `-0` means; null when there is none. */
function place(text: string, length: number): number | null {
  if (!/^[+-]\d+$/.test(text)) return null;
  const count = Number(text.slice(1));
  const at = text.startsWith("+") ? count : length - 1 - count;
  return at >= 0 && at < length ? at : -1;
}

export const pushd: Builtin = async (call) => {
  const { shell } = call;
  const isQuiet = call.args[0] === "-n";
  const [operand] = isQuiet ? call.args.slice(1) : call.args;
  const stack = [shell.cwd, ...shell.directories];
  if (operand === undefined) {
    const [next, ...rest] = shell.directories;
    if (next === undefined) return fail(call, "no other directory");
    const from = shell.cwd;
    if ((await changeTo(call, next)) !== 0) return 1;
    shell.directories = [from, ...rest];
    return show(shell);
  }
  const at = place(operand, stack.length);
  if (at === -1) return fail(call, `${operand}: directory stack index out of range`);
  if (at !== null) {
    const turned = [...stack.slice(at), ...stack.slice(0, at)];
    if ((await changeTo(call, turned[0] ?? "/")) !== 0) return 1;
    shell.directories = turned.slice(1);
    return show(shell);
  }
  if (isQuiet) {
    shell.directories = [resolvePath(shell.cwd, operand), ...shell.directories];
    return show(shell);
  }
  if ((await changeTo(call, operand)) !== 0) return 1;
  shell.directories = stack;
  return show(shell);
};

export const popd: Builtin = async (call) => {
  const { shell, args } = call;
  const [operand] = args;
  const stack = [shell.cwd, ...shell.directories];
  if (stack.length === 1) return fail(call, "directory stack empty");
  const at = operand === undefined ? 0 : place(operand, stack.length);
  if (at === null || at === -1)
    return fail(
      call,
      `${operand ?? ""}: ${at === null ? "invalid argument" : "directory stack index out of range"}`,
    );
  if (at === 0) {
    const [next = "/", ...rest] = shell.directories;
    if ((await changeTo(call, next)) !== 0) return 1;
    shell.directories = rest;
  } else {
    shell.directories = shell.directories.filter((_, index) => index !== at - 1);
  }
  return show(shell);
};

export const dirs: Builtin = async (call) => {
  const { shell, args } = call;
  const letters = new Set(args.filter((arg) => /^-[clpv]+$/.test(arg)).join(""));
  if (letters.has("c")) {
    shell.directories = [];
    return 0;
  }
  const name = letters.has("l") ? (path: string): string => path : tilde;
  const stack = [shell.cwd, ...shell.directories].map(name);
  const wanted = args.find((arg) => /^[+-]\d+$/.test(arg));
  if (wanted !== undefined) {
    const at = place(wanted, stack.length);
    if (at === null || at === -1)
      return fail(call, `${wanted}: directory stack index out of range`);
    await shell.print(`${stack[at] ?? ""}\n`);
  } else if (letters.has("v")) {
    await shell.print(
      stack.map((path, index) => `${String(index).padStart(2)}  ${path}\n`).join(""),
    );
  } else {
    await shell.print(`${stack.join(letters.has("p") ? "\n" : " ")}\n`);
  }
  return 0;
};
