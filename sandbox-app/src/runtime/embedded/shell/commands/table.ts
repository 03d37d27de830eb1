import { echo } from "../builtins/echo.ts";
import type { Builtin } from "../builtins/builtin.ts";
import { kill } from "../builtins/jobs.ts";
import { printf } from "../builtins/printf.ts";
import { test } from "../builtins/test.ts";
import { cat, tee } from "./cat.ts";
import type { Command } from "./command.ts";
import { cut } from "./cut.ts";
import { find } from "./find/find.ts";
import { grep } from "./grep/grep.ts";
import { sed } from "./sed/sed.ts";
import { tr } from "./tr.ts";
import { sort } from "./sort/sort.ts";
import { uniq } from "./uniq.ts";
import { head, tail } from "./head-tail.ts";
import { mktemp } from "./mktemp.ts";
import { nohup, ps, timeout, xargs } from "./running.ts";
import { seq } from "./seq.ts";
import * as simple from "./simple.ts";
import { runTool } from "./tool.ts";
import { wc } from "./wc.ts";

/** A builtin that is a program too. */
function asProgram(builtin: Builtin): Command {
  return (call) => builtin({ ...call, assignments: new Map() });
}

/** Programs of just-bash that are taken as they are. */
const tools = (
  "awk base64 basename chmod clear column comm cp date diff dirname du expand expr file fold " +
  "gunzip gzip hostname html-to-markdown join jq ln ls md5sum mkdir mv nl od paste readlink rev rg rm " +
  "rmdir sha1sum sha256sum split stat strings tac touch tree unexpand whoami zcat"
).split(" ");

/** Programs below /usr/bin that run inside the shell's process, by name. */
export const programs: ReadonlyMap<string, Command> = new Map<string, Command>([
  ...tools.map((name) => [name, runTool] as const),
  ["[", asProgram(test)],
  ["cat", cat],
  ["cut", cut],
  ["egrep", grep],
  ["fgrep", grep],
  ["grep", grep],
  ["sed", sed],
  ["sort", sort],
  ["tr", tr],
  ["uniq", uniq],
  ["curl", simple.noNetwork],
  ["echo", asProgram(echo)],
  ["env", simple.env],
  ["false", () => Promise.resolve(1)],
  ["find", find],
  ["head", head],
  ["id", simple.id],
  ["kill", asProgram(kill)],
  ["mktemp", mktemp],
  ["nohup", nohup],
  ["nproc", simple.nproc],
  ["printenv", simple.printenv],
  ["printf", asProgram(printf)],
  ["ps", ps],
  [
    "pwd",
    async ({ shell }) => {
      await shell.print(`${shell.cwd}\n`);
      return 0;
    },
  ],
  ["seq", seq],
  ["sleep", simple.sleep],
  ["sudo", simple.sudo],
  ["sync", () => Promise.resolve(0)],
  ["tail", tail],
  ["tee", tee],
  ["test", asProgram(test)],
  ["timeout", timeout],
  ["true", () => Promise.resolve(0)],
  ["tty", simple.tty],
  ["uname", simple.uname],
  ["wc", wc],
  ["wget", simple.noNetwork],
  ["which", simple.which],
  ["xargs", xargs],
  ["yes", simple.yes],
]);
