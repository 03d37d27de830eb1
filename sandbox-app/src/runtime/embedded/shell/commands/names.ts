import { type Command, type CommandCall, complain } from "./command.ts";
import { gnuOptions } from "./gnu-options.ts";
import { baseName } from "./text/walk.ts";

async function missingOperand(call: CommandCall): Promise<number> {
  await complain(call, "missing operand");
  await call.shell.complain(`Try '${call.name} --help' for more information.\n`);
  return 1;
}

export const basename: Command = async (call) => {
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "as:z",
    long: { multiple: "a", suffix: "s", zero: "z" },
    stopsAtOperand: true,
  });
  if (unknown !== null) return complain(call, unknown);
  if (operands.length === 0) return missingOperand(call);
  const takesMany = given.has("a") || given.has("s");
  if (!takesMany && operands.length > 2)
    return complain(call, `extra operand '${operands[2] ?? ""}'`);
  const suffix = given.get("s") ?? (takesMany ? "" : (operands[1] ?? ""));
  const names = (takesMany ? operands : operands.slice(0, 1)).map((operand) => {
    const name = baseName(operand);
    const isWhole = name === suffix || suffix === "";
    return isWhole || !name.endsWith(suffix) ? name : name.slice(0, -suffix.length);
  });
  const end = given.has("z") ? "\0" : "\n";
  await call.shell.print(names.map((name) => name + end).join(""));
  return 0;
};

export const dirname: Command = async (call) => {
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "z",
    long: { zero: "z" },
  });
  if (unknown !== null) return complain(call, unknown);
  if (operands.length === 0) return missingOperand(call);
  const end = given.has("z") ? "\0" : "\n";
  await call.shell.print(operands.map((operand) => directoryOf(operand) + end).join(""));
  return 0;
};

function directoryOf(path: string): string {
  const trimmed = path.replace(/(?<=.)\/+$/, "");
  const at = trimmed.lastIndexOf("/");
  if (at === -1) return ".";
  return trimmed.slice(0, at).replace(/\/+$/, "") || "/";
}
