import { singleQuoted } from "../expand/quote.ts";
import { programsNamed } from "../run/program.ts";
import { functionText } from "../syntax/function-text.ts";
import type { Shell } from "../state/shell.ts";
import {
  BadOption,
  type Builtin,
  type BuiltinCall,
  fail,
  parseOptions,
  refuse,
} from "./builtin.ts";
import { helpLine } from "./help.ts";

const keywords = new Set(
  "if then else elif fi case esac for select while until do done in function time { } ! [[ ]] coproc".split(
    " ",
  ),
);

/** What a name means. */
interface Meaning {
  readonly kind: "alias" | "keyword" | "function" | "builtin" | "file";
  /** Path of a file, text of an alias. */
  readonly detail: string;
}

function meanings(shell: Shell, name: string): Meaning[] {
  const found: Meaning[] = [];
  const alias = shell.aliases.get(name);
  if (alias !== undefined && shell.options.shopt.has("expand_aliases"))
    found.push({ kind: "alias", detail: alias });
  if (keywords.has(name)) found.push({ kind: "keyword", detail: "" });
  if (shell.functions.has(name)) found.push({ kind: "function", detail: "" });
  if (helpLine(name) !== undefined) found.push({ kind: "builtin", detail: "" });
  const files = name.includes("/")
    ? shell.isRunnable(name)
      ? [name]
      : []
    : programsNamed(shell, name);
  return [...found, ...files.map((detail): Meaning => ({ kind: "file", detail }))];
}

export const type: Builtin = async (call) => {
  const parsed = parseOptions(call.args, "afptP");
  if (parsed instanceof BadOption) return refuse(call, parsed, "type [-afptP] name [name ...]");
  const { shell } = call;
  const { letters, operands } = parsed;
  let status = 0;
  for (const name of operands) {
    let found = meanings(shell, name);
    if (letters.has("f")) found = found.filter(({ kind }) => kind !== "function");
    if (letters.has("P")) found = found.filter(({ kind }) => kind === "file");
    if (!letters.has("a")) found = found.slice(0, 1);
    if (found.length === 0) {
      status = 1;
      if (!letters.has("t") && !letters.has("p") && !letters.has("P"))
        await fail(call, `${name}: not found`);
    }
    for (const meaning of found) await shell.print(typeText(shell, name, meaning, letters));
  }
  return status;
};

function typeText(
  shell: Shell,
  name: string,
  { kind, detail }: Meaning,
  letters: ReadonlySet<string>,
): string {
  if (letters.has("t")) return `${kind}\n`;
  if (letters.has("p") || letters.has("P")) return kind === "file" ? `${detail}\n` : "";
  switch (kind) {
    case "alias":
      return `${name} is aliased to \`${detail}'\n`;
    case "keyword":
      return `${name} is a shell keyword\n`;
    case "function": {
      const found = shell.functions.get(name);
      return `${name} is a function\n${found === undefined ? "" : functionText(found)}`;
    }
    case "builtin":
      return `${name} is a shell builtin\n`;
    case "file":
      return shell.hashed.get(name) === detail && !letters.has("a")
        ? `${name} is hashed (${detail})\n`
        : `${name} is ${detail}\n`;
  }
}

export const command: Builtin = async (call) => {
  const parsed = parseOptions(call.args, "pvV");
  if (parsed instanceof BadOption) return refuse(call, parsed, "command [-pVv] command [arg ...]");
  const { shell } = call;
  const { letters, operands } = parsed;
  if (!letters.has("v") && !letters.has("V")) {
    if (operands.length === 0) return 0;
    return shell.process.interpreter.command(shell, operands, {
      functions: false,
      assignments: moved(call, operands.length),
    });
  }
  let status = 0;
  for (const name of operands) {
    const [meaning] = meanings(shell, name);
    if (meaning === undefined) {
      status = 1;
      if (letters.has("V")) await fail(call, `${name}: not found`);
    } else if (letters.has("V")) await shell.print(typeText(shell, name, meaning, new Set()));
    else await shell.print(shortText(name, meaning));
  }
  return status;
};

function shortText(name: string, { kind, detail }: Meaning): string {
  if (kind === "alias") return `alias ${name}=${singleQuoted(detail)}\n`;
  return `${kind === "file" ? detail : name}\n`;
}

/** The assignments among the arguments of the command that is called in turn. */
function moved({ assignments, args }: BuiltinCall, length: number): BuiltinCall["assignments"] {
  const by = args.length + 1 - length;
  return new Map(Array.from(assignments, ([at, assignment]) => [at - by, assignment]));
}

export const builtin: Builtin = async (call) => {
  const { shell } = call;
  const args = call.args[0] === "--" ? call.args.slice(1) : call.args;
  const [name] = args;
  if (name === undefined) return 0;
  if (helpLine(name) === undefined) return fail(call, `${name}: not a shell builtin`);
  return shell.process.interpreter.command(shell, args, {
    functions: false,
    assignments: moved(call, args.length),
  });
};

export const hash: Builtin = async (call) => {
  const parsed = parseOptions(call.args, "lrdp:t");
  if (parsed instanceof BadOption)
    return refuse(call, parsed, "hash [-lr] [-p pathname] [-dt] [name ...]");
  const { shell } = call;
  const { letters, values, operands } = parsed;
  if (letters.has("r")) shell.hashed.clear();
  const path = values.get("p");
  let status = 0;
  for (const name of operands) {
    const found = path ?? programsNamed(shell, name)[0];
    if (letters.has("d")) shell.hashed.delete(name);
    else if (found === undefined) status = await fail(call, `${name}: not found`);
    else if (letters.has("t")) await shell.print(`${found}\n`);
    else shell.hashed.set(name, found);
  }
  if (call.args.length > 0) return status;
  if (shell.hashed.size === 0) await shell.print("hash: hash table empty\n");
  else
    await shell.print(
      `hits\tcommand\n${[...shell.hashed.values()].map((found) => `   1\t${found}\n`).join("")}`,
    );
  return status;
};

export const alias: Builtin = async (call) => {
  const { shell } = call;
  const args = call.args[0] === "-p" ? call.args.slice(1) : call.args;
  const line = (name: string): string =>
    `alias ${name}=${singleQuoted(shell.aliases.get(name) ?? "")}\n`;
  if (args.length === 0) await shell.print([...shell.aliases.keys()].toSorted().map(line).join(""));
  let status = 0;
  for (const arg of args) {
    const at = arg.indexOf("=");
    if (at > 0) shell.aliases.set(arg.slice(0, at), arg.slice(at + 1));
    else if (shell.aliases.has(arg)) await shell.print(line(arg));
    else status = await fail(call, `${arg}: not found`);
  }
  return status;
};

export const unalias: Builtin = async (call) => {
  const { shell, args } = call;
  if (args[0] === "-a") {
    shell.aliases.clear();
    return 0;
  }
  let status = 0;
  for (const name of args)
    if (!shell.aliases.delete(name)) status = await fail(call, `${name}: not found`);
  return status;
};
