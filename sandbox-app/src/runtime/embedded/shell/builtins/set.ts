import { assignmentText } from "../state/declaration.ts";
import { optionOfLetter, setOptions, shoptNames } from "../state/options.ts";
import { MISUSE } from "../run/outcome.ts";
import type { Shell } from "../state/shell.ts";
import {
  BadOption,
  type Builtin,
  type BuiltinCall,
  fail,
  identifier,
  parseOptions,
  refuse,
} from "./builtin.ts";
import { functionText } from "../syntax/function-text.ts";

const SET_USAGE = "set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]";

export const set: Builtin = async (call) => {
  const { shell, args } = call;
  if (args.length === 0) return listVariables(shell);
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] ?? "";
    if (arg === "--") {
      shell.parameters = args.slice(at + 1);
      return 0;
    }
    if (arg === "-") {
      shell.options.set.delete("xtrace");
      shell.options.set.delete("verbose");
      if (at + 1 < args.length) shell.parameters = args.slice(at + 1);
      return 0;
    }
    if (!/^[-+]./.test(arg)) break;
    const isOn = arg.startsWith("-");
    for (const letter of arg.slice(1)) {
      if (letter === "o") {
        const name = args[at + 1];
        if (name === undefined) return listOptions(shell, isOn);
        at++;
        if (!setOptions.has(name)) return fail(call, `${name}: invalid option name`, MISUSE);
        turn(shell, name, isOn);
      } else {
        const name = optionOfLetter(letter);
        if (name === undefined)
          return refuse(call, new BadOption(`${arg.charAt(0)}${letter}`), SET_USAGE);
        turn(shell, name, isOn);
      }
    }
  }
  if (at < args.length) shell.parameters = args.slice(at);
  return 0;
};

function turn({ options }: Shell, name: string, isOn: boolean): void {
  if (isOn) options.set.add(name);
  else options.set.delete(name);
}

async function listVariables(shell: Shell): Promise<number> {
  const lines = shell.variables
    .visible()
    .flatMap(([name, variable]) =>
      variable.content.kind === "unset" ? [] : [`${assignmentText(name, variable)}\n`],
    );
  const functions = [...shell.functions.values()].map(functionText);
  await shell.print([...lines, ...functions].join(""));
  return 0;
}

async function listOptions(shell: Shell, isTable: boolean): Promise<number> {
  const lines = [...setOptions.keys()].map((name) => {
    const isOn = shell.isOn(name);
    return isTable
      ? `${name.padEnd(15)}\t${isOn ? "on" : "off"}\n`
      : `set ${isOn ? "-" : "+"}o ${name}\n`;
  });
  await shell.print(lines.join(""));
  return 0;
}

export const shopt: Builtin = async (call) => {
  const parsed = parseOptions(call.args, "pqsuo");
  if (parsed instanceof BadOption) return refuse(call, parsed, "shopt [-pqsu] [-o] [optname ...]");
  const { letters, operands } = parsed;
  const { options } = call.shell;
  const known = letters.has("o") ? [...setOptions.keys()] : shoptNames;
  const on = letters.has("o") ? options.set : options.shopt;
  const unknown = operands.find((name) => !known.includes(name));
  if (unknown !== undefined)
    return fail(call, `${unknown}: invalid ${letters.has("o") ? "option" : "shell option"} name`);
  if (operands.length > 0 && (letters.has("s") || letters.has("u"))) {
    for (const name of operands) {
      if (letters.has("s")) on.add(name);
      else on.delete(name);
    }
    return 0;
  }
  const shown = (operands.length > 0 ? operands : known).filter(
    (name) =>
      operands.length > 0 ||
      ((!letters.has("s") || on.has(name)) && (!letters.has("u") || !on.has(name))),
  );
  if (!letters.has("q")) {
    await call.shell.print(shown.map((name) => optionLine(name, on.has(name), letters)).join(""));
  }
  return operands.every((name) => on.has(name)) ? 0 : 1;
};

function optionLine(name: string, isOn: boolean, letters: ReadonlySet<string>): string {
  if (!letters.has("p"))
    return `${name.padEnd(letters.has("o") ? 15 : 15)}\t${isOn ? "on" : "off"}\n`;
  return letters.has("o")
    ? `set ${isOn ? "-" : "+"}o ${name}\n`
    : `shopt -${isOn ? "s" : "u"} ${name}\n`;
}

export const unset: Builtin = async (call) => {
  const parsed = parseOptions(call.args, "fvn");
  if (parsed instanceof BadOption) return refuse(call, parsed, "unset [-f] [-v] [-n] [name ...]");
  const { letters, operands } = parsed;
  let status = 0;
  for (const name of operands) status = (await unsetOne(call, name, letters)) || status;
  return status;
};

async function unsetOne(
  call: BuiltinCall,
  name: string,
  letters: ReadonlySet<string>,
): Promise<number> {
  const { shell } = call;
  if (letters.has("f")) {
    shell.functions.delete(name);
    return 0;
  }
  const element = /^([A-Za-z_]\w*)\[(.*)\]$/s.exec(name);
  if (element !== null) return unsetElement(call, element[1] ?? "", element[2] ?? "");
  if (!identifier.test(name)) return fail(call, `\`${name}': not a valid identifier`);
  const target = letters.has("n") ? name : shell.variables.resolve(name);
  if (
    !letters.has("v") &&
    shell.variables.findOwn(target) === undefined &&
    shell.functions.delete(name)
  )
    return 0;
  return shell.variables.unset(target) ? 0 : fail(call, `${name}: cannot unset: readonly variable`);
}

async function unsetElement(call: BuiltinCall, name: string, index: string): Promise<number> {
  const { shell } = call;
  const variable = shell.variables.find(name);
  if (variable === undefined) return 0;
  const { content } = variable;
  if (index === "@" || index === "*") {
    if (content.kind !== "associative") return shell.variables.unset(name) ? 0 : 1;
    content.items.delete(index);
    return 0;
  }
  if (content.kind === "associative") {
    content.items.delete(index);
    return 0;
  }
  const at = shell.evaluate(index);
  if (content.kind !== "indexed")
    return at === 0
      ? Number(!shell.variables.unset(name))
      : fail(call, `${name}: not an array variable`);
  const end = Math.max(-1, ...content.items.keys()) + 1;
  if (at < 0 && end + at < 0) return fail(call, `[${index}]: bad array subscript`);
  content.items.delete(at < 0 ? end + at : at);
  return 0;
}
