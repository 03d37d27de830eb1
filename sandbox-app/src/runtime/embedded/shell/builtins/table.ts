import { type Builtin, fail } from "./builtin.ts";
import { declare, exportNames, local, readonlyNames } from "./declare.ts";
import { cd, dirs, popd, pushd, pwd } from "./directories.ts";
import { echo } from "./echo.ts";
import * as flow from "./flow.ts";
import { getopts } from "./getopts.ts";
import { helpLine, helpText } from "./help.ts";
import { bg, disown, fg, jobs, kill, wait } from "./jobs.ts";
import { ulimit, umask } from "./limits.ts";
import { alias, builtin, command, hash, type, unalias } from "./lookup.ts";
import { printf } from "./printf.ts";
import { mapfile } from "./mapfile.ts";
import { read } from "./read.ts";
import { set, shopt, unset } from "./set.ts";
import { test } from "./test.ts";
import { trap } from "./trap.ts";

const help: Builtin = async (call) => {
  const [name] = call.args;
  if (name === undefined) {
    await call.shell.print(helpText);
    return 0;
  }
  const usage = helpLine(name);
  if (usage === undefined) return fail(call, `no help topics match \`${name}'.  Try \`help help'.`);
  await call.shell.print(`${name}: ${usage}\n`);
  return 0;
};

const history: Builtin = async ({ shell, args }) => {
  if (args[0] === "-c") shell.process.history.splice(0);
  const lines = shell.process.history.map(
    (line, index) => `${String(index + 1).padStart(5)}  ${line}\n`,
  );
  const count = /^\d+$/.test(args[0] ?? "") ? Number(args[0]) : lines.length;
  if (args[0] !== "-c" && count > 0) await shell.print(lines.slice(-count).join(""));
  return 0;
};

/** The commands that run in the shell itself, by name. */
export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [".", flow.source],
  [":", flow.succeed],
  ["[", test],
  ["alias", alias],
  ["bg", bg],
  ["break", flow.breakLoop],
  ["builtin", builtin],
  ["caller", flow.caller],
  ["cd", cd],
  ["command", command],
  ["continue", flow.continueLoop],
  ["declare", declare],
  ["dirs", dirs],
  ["disown", disown],
  ["echo", echo],
  ["eval", flow.evalText],
  ["exec", flow.execProgram],
  ["exit", flow.exitShell],
  ["export", exportNames],
  ["false", flow.failAlways],
  ["fg", fg],
  ["getopts", getopts],
  ["hash", hash],
  ["help", help],
  ["history", history],
  ["jobs", jobs],
  ["kill", kill],
  ["let", flow.letExpressions],
  ["local", local],
  ["logout", flow.exitShell],
  ["mapfile", mapfile],
  ["popd", popd],
  ["printf", printf],
  ["pushd", pushd],
  ["pwd", pwd],
  ["read", read],
  ["readarray", mapfile],
  ["readonly", readonlyNames],
  ["return", flow.returnFrom],
  ["set", set],
  ["shift", flow.shift],
  ["shopt", shopt],
  ["source", flow.source],
  ["test", test],
  ["times", flow.times],
  ["trap", trap],
  ["true", flow.succeed],
  ["type", type],
  ["typeset", declare],
  ["ulimit", ulimit],
  ["umask", umask],
  ["unalias", unalias],
  ["unset", unset],
  ["wait", wait],
]);
