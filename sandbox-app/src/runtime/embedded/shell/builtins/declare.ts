import { assignTo, type ExpandedAssignment } from "../run/assign.ts";
import { declaration } from "../state/declaration.ts";
import type { Shell } from "../state/shell.ts";
import type { Attributes, Variable } from "../state/variable.ts";
import { type Builtin, type BuiltinCall, fail, identifier } from "./builtin.ts";
import { declareFunctions } from "./declare-functions.ts";
import { MISUSE, ShellError } from "../run/outcome.ts";

const attributeLetters: Readonly<Record<string, keyof Attributes>> = {
  i: "integer",
  l: "lower",
  n: "reference",
  r: "readonly",
  u: "upper",
  x: "exported",
};

/** What the options of `declare` and its relatives ask for. */
interface Request {
  readonly on: ReadonlySet<string>;
  readonly off: ReadonlySet<string>;
  readonly where: "innermost" | "global" | "visible";
}

export const declare: Builtin = (call) =>
  run(call, {
    on: new Set(),
    off: new Set(),
    where: call.shell.frames.length > 0 && call.shell.variables.depth > 1 ? "innermost" : "global",
  });

export const local: Builtin = async (call) => {
  if (!call.shell.frames.some(({ name }) => name !== "source"))
    return fail(call, "can only be used in a function");
  return run(call, { on: new Set(), off: new Set(), where: "innermost" });
};

export const exportNames: Builtin = (call) => {
  const isUndone = call.args.some((arg) => /^-\w*n/.test(arg));
  const set = new Set(["x"]);
  return run(call, {
    on: isUndone ? new Set() : set,
    off: isUndone ? set : new Set(),
    where: "visible",
  });
};

export const readonlyNames: Builtin = (call) =>
  run(call, { on: new Set(["r"]), off: new Set(), where: "visible" });

async function run(call: BuiltinCall, base: Request): Promise<number> {
  const { args } = call;
  const at = args.findIndex((arg) => !/^[-+]./.test(arg) || arg === "--");
  const count = at === -1 ? args.length : at;
  const request = withFlags(call, base, args.slice(0, count));
  if (typeof request === "string") return refuseFlag(call, request);
  const { on, off } = request;
  const first = args[count] === "--" ? count + 1 : count;
  const names = args.slice(first);
  if (on.has("f") || on.has("F")) {
    const isReadonly = on.has("r") || off.has("x");
    return declareFunctions(call, names, { onlyNames: on.has("F"), isReadonly });
  }
  if (names.length === 0 || (on.has("p") && call.assignments.size === 0)) {
    return print(call, names, on);
  }
  let status = 0;
  for (const [index, text] of names.entries()) {
    const given = call.assignments.get(first + index + 1) ?? text;
    status = (await declareOne(call, given, request)) || status;
  }
  return status;
}

/** The request with what the flags add to it; a flag that there is not, as text. */
function withFlags(
  { name }: BuiltinCall,
  base: Request,
  flags: readonly string[],
): Request | string {
  const on = new Set(base.on);
  const off = new Set(base.off);
  let { where } = base;
  for (const [sign = "", ...letters] of flags) {
    for (const letter of letters) {
      if (!/[aAfFgiIlnprtux]/.test(letter)) return sign + letter;
      if (letter === "g") where = "global";
      else if (letter !== "n" || name !== "export") (sign === "-" ? on : off).add(letter);
    }
  }
  return { on, off, where };
}

async function refuseFlag(call: BuiltinCall, flag: string): Promise<number> {
  const { shell, name } = call;
  await fail(call, `${flag}: invalid option`);
  const usage = `${name} [-aAfFgiIlnrtux] [name[=value] ...] or ${name} -p [-aAfFilnrtux] [name ...]`;
  await shell.complain(`${name}: usage: ${usage}\n`);
  return MISUSE;
}

async function declareOne(
  call: BuiltinCall,
  given: ExpandedAssignment | string,
  request: Request,
): Promise<number> {
  const { shell } = call;
  const assignment = typeof given === "string" ? assignmentOf(given) : given;
  const shown = typeof given === "string" ? given : given.name;
  const name = assignment === null ? shown.replace(/\[.*\]$/s, "") : assignment.name;
  if (!identifier.test(name)) return fail(call, `\`${shown}': not a valid identifier`);
  const variable = target(shell, name, request.where, request.on.has("n") || request.off.has("n"));
  if (variable.attributes.readonly && (assignment !== null || request.off.has("r"))) {
    return fail(call, `${name}: readonly variable`);
  }
  try {
    shape(variable, request, name);
    if (assignment !== null) assignTo(shell, variable, settled(variable, assignment));
  } catch (error) {
    if (error instanceof ShellError && error.constructor === ShellError)
      return fail(call, error.message);
    throw error;
  }
  setAttributes(variable, request);
  shell.variables.changed(name);
  return 0;
}

/** `declare x[1]=v` makes an array. */
function settled(variable: Variable, assignment: ExpandedAssignment): ExpandedAssignment {
  if (assignment.index === null || assignment.index === "" || variable.isArray) return assignment;
  variable.asIndexed();
  return assignment;
}

function assignmentOf(text: string): ExpandedAssignment | null {
  const match = /^([A-Za-z_]\w*)(?:\[(.*?)\])?(\+?)=(.*)$/s.exec(text);
  if (match === null) return null;
  const [, name = "", index, plus, value = ""] = match;
  return { name, index: index ?? null, append: plus === "+", value };
}

function target(
  shell: Shell,
  name: string,
  where: Request["where"],
  isReference: boolean,
): Variable {
  const { variables } = shell;
  if (where === "visible") {
    const found = variables.find(name);
    return found === undefined || variables.computed.has(name)
      ? variables.declare(variables.resolve(name), "global")
      : found;
  }
  if (where === "global")
    return variables.declare(isReference ? name : variables.resolve(name), "global");
  const outer = variables.find(name);
  const isNew = !variables.isLocal(name);
  const made = variables.declare(name);
  // A local of an exported variable is exported too.
  if (isNew && outer?.attributes.exported === true) made.attributes.exported = true;
  return made;
}

/** Makes the variable the kind of array that is asked for. */
function shape(variable: Variable, { on, off }: Request, name: string): void {
  for (const letter of ["i", "l", "u"]) {
    const attribute = attributeLetters[letter];
    if (attribute !== undefined && on.has(letter)) variable.attributes[attribute] = true;
    if (attribute !== undefined && off.has(letter)) variable.attributes[attribute] = false;
  }
  if (on.has("A") && variable.content.kind !== "associative") {
    if (variable.content.kind === "indexed")
      throw new ShellError(`${name}: cannot convert indexed to associative array`);
    const { text } = variable;
    variable.content = {
      kind: "associative",
      items: new Map(text === undefined ? [] : [["0", text]]),
    };
  } else if (on.has("a") && variable.content.kind !== "indexed") {
    if (variable.content.kind === "associative")
      throw new ShellError(`${name}: cannot convert associative to indexed array`);
    variable.asIndexed();
  }
}

function setAttributes({ attributes }: Variable, { on, off }: Request): void {
  for (const [letter, attribute] of Object.entries(attributeLetters)) {
    if (on.has(letter)) attributes[attribute] = true;
    if (off.has(letter)) attributes[attribute] = false;
  }
  if (on.has("l")) attributes.upper = false;
  if (on.has("u")) attributes.lower = false;
}

async function print(
  call: BuiltinCall,
  names: readonly string[],
  on: ReadonlySet<string>,
): Promise<number> {
  const { shell } = call;
  let status = 0;
  if (names.length > 0) {
    for (const name of names) {
      const variable = shell.variables.findOwn(name);
      if (variable === undefined) status = await fail(call, `${name}: not found`);
      else await shell.print(`${declaration(name, variable)}\n`);
    }
    return status;
  }
  const all = call.name === "local" ? shell.variables.locals() : shell.variables.visible();
  const wanted = all.filter(([, variable]) => hasAll(variable, on));
  for (const [name, variable] of wanted) {
    await shell.print(
      `${call.name === "local" ? localText(name, variable) : declaration(name, variable)}\n`,
    );
  }
  return 0;
}

function localText(name: string, variable: Variable): string {
  return declaration(name, variable).replace(/^declare -\S+ /, "");
}

function hasAll({ content, attributes }: Variable, on: ReadonlySet<string>): boolean {
  if (on.has("a") && content.kind !== "indexed") return false;
  if (on.has("A") && content.kind !== "associative") return false;
  return Object.entries(attributeLetters).every(
    ([letter, attribute]) => !on.has(letter) || attributes[attribute],
  );
}
