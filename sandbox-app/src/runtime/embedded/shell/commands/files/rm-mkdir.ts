import { errnoOf, errnoWords } from "../../redirect/error-words.ts";
import { type Command, type CommandCall, complain } from "../command.ts";
import { gnuOptions } from "../gnu-options.ts";
import { baseName, inside, type NamedPath, named, statusOf } from "../text/walk.ts";
import { changedMode } from "./mode-change.ts";

async function missingOperand(call: CommandCall): Promise<number> {
  await complain(call, "missing operand");
  await call.shell.complain(`Try '${call.name} --help' for more information.\n`);
  return 1;
}

export const rm: Command = async (call) => {
  const { shell } = call;
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "dfiIrRv",
    long: {
      force: "f",
      recursive: "r",
      dir: "d",
      verbose: "v",
      interactive: "interactive::",
      "preserve-root": "preserve-root::",
      "no-preserve-root": "no-preserve-root",
      "one-file-system": "one-file-system",
    },
  });
  if (unknown !== null) return complain(call, unknown);
  if (operands.length === 0) return given.has("f") ? 0 : missingOperand(call);
  const removal: Removal = {
    call,
    isForced: given.has("f"),
    isRecursive: given.has("r") || given.has("R"),
    takesEmpty: given.has("d"),
    tells: given.has("v"),
    asks: given.has("i") && !given.has("f"),
  };
  let status = 0;
  for (const operand of operands) {
    const name = baseName(operand);
    if (name === "." || name === "..") {
      status = await complain(
        call,
        `refusing to remove '.' or '..' directory: skipping '${operand}'`,
      );
    } else if (named(shell, operand).path === "/") {
      status = await complain(call, "it is dangerous to operate recursively on '/'");
    } else if (!(await remove(removal, named(shell, operand)))) status = 1;
  }
  return status;
};

interface Removal {
  readonly call: CommandCall;
  readonly isForced: boolean;
  readonly isRecursive: boolean;
  readonly takesEmpty: boolean;
  readonly tells: boolean;
  readonly asks: boolean;
}

async function remove(removal: Removal, place: NamedPath): Promise<boolean> {
  const { call, isForced, isRecursive, takesEmpty, tells, asks } = removal;
  const { shell } = call;
  const { system } = shell.process;
  const { shown, path } = place;
  const fail = async (words: string): Promise<false> => {
    await complain(call, `cannot remove '${shown}': ${words}`);
    return false;
  };
  const status = statusOf(shell, path, false);
  if (status === null) return isForced || fail("No such file or directory");
  const isDirectory = status.type === "directory";
  if (isDirectory && !isRecursive && !takesEmpty) return fail("Is a directory");
  try {
    if (asks && !(await isAgreed(removal, place, isDirectory))) return true;
    if (isDirectory && isRecursive && !tells && !asks) await system.call("removeTree", path);
    else if (isDirectory) {
      if (isRecursive) {
        let isWell = true;
        for (const { name } of await system.call("readdir", path))
          if (!(await remove(removal, inside(place, name)))) isWell = false;
        if (!isWell) return false;
      }
      await system.call("rmdir", path);
    } else await system.call("unlink", path);
  } catch (error) {
    if (errnoOf(error) === "") throw error;
    return fail(errnoWords(error));
  }
  if (tells) await shell.print(`removed ${isDirectory ? "directory " : ""}'${shown}'\n`);
  return true;
}

async function isAgreed(
  { call: { shell } }: Removal,
  { shown }: NamedPath,
  isDirectory: boolean,
): Promise<boolean> {
  await shell.complain(
    isDirectory
      ? `rm: descend into directory '${shown}'? `
      : `rm: remove regular file '${shown}'? `,
  );
  const line = await shell.descriptors.get(0)?.readUntil();
  return /^y/i.test(new TextDecoder().decode(line?.slice()));
}

export const mkdir: Command = async (call) => {
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "m:pv",
    long: { mode: "m", parents: "p", verbose: "v" },
  });
  if (unknown !== null) return complain(call, unknown);
  if (operands.length === 0) return missingOperand(call);
  const text = given.get("m");
  const mode = text === undefined ? null : changedMode(text, 0o777, true, 0);
  if (text !== undefined && mode === null) return complain(call, `invalid mode ‘${text}’`);
  let status = 0;
  for (const operand of operands)
    if (!(await makeDirectory(call, operand, { ...flags(given), mode }))) status = 1;
  return status;
};

function flags(given: ReadonlyMap<string, string>) {
  return { makesParents: given.has("p"), tells: given.has("v") };
}

async function makeDirectory(
  call: CommandCall,
  operand: string,
  { makesParents, tells, mode }: { makesParents: boolean; tells: boolean; mode: number | null },
): Promise<boolean> {
  const { shell } = call;
  const standard = 0o777 & ~shell.process.umask;
  const parts = operand.split("/").filter((part) => part !== "");
  const wholes = parts.map(
    (_, at) => (operand.startsWith("/") ? "/" : "") + parts.slice(0, at + 1).join("/"),
  );
  for (const shown of makesParents ? wholes : [operand]) {
    const { path } = named(shell, shown);
    const isLast = shown === wholes.at(-1) || !makesParents;
    if (makesParents && statusOf(shell, path)?.type === "directory") continue;
    try {
      await shell.process.system.call("mkdir", path, {
        mode: isLast ? (mode ?? standard) : standard,
      });
    } catch (error) {
      if (errnoOf(error) === "") throw error;
      await complain(call, `cannot create directory ‘${shown}’: ${errnoWords(error)}`);
      return false;
    }
    if (tells) await shell.print(`mkdir: created directory '${shown}'\n`);
  }
  return true;
}

export const rmdir: Command = async (call) => {
  const { shell } = call;
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "pv",
    long: { parents: "p", verbose: "v", "ignore-fail-on-non-empty": "ignore-fail-on-non-empty" },
  });
  if (unknown !== null) return complain(call, unknown);
  if (operands.length === 0) return missingOperand(call);
  let status = 0;
  for (const operand of operands) {
    let shown = operand.replace(/(?<=.)\/+$/, "");
    for (;;) {
      try {
        const { path } = named(shell, shown);
        await shell.process.system.call("rmdir", path);
      } catch (error) {
        if (errnoOf(error) === "") throw error;
        if (errnoOf(error) === "ENOTEMPTY" && given.has("ignore-fail-on-non-empty")) break;
        status = await complain(call, `failed to remove '${shown}': ${errnoWords(error)}`);
        break;
      }
      if (given.has("v")) await shell.print(`rmdir: removing directory, '${shown}'\n`);
      if (!given.has("p") || !shown.includes("/")) break;
      shown = shown.slice(0, shown.lastIndexOf("/"));
    }
  }
  return status;
};
