import { echo } from "../builtins/echo.ts";
import type { Builtin } from "../builtins/builtin.ts";
import { kill } from "../builtins/jobs.ts";
import { printf } from "../builtins/printf.ts";
import { test } from "../builtins/test.ts";
import { cat, tee } from "./cat.ts";
import type { Command } from "./command.ts";
import { chmod, touch, truncate } from "./files/attributes.ts";
import { cp, ln, mv } from "./files/cp-mv.ts";
import { ls } from "./files/ls.ts";
import { readlink, realpath } from "./files/paths.ts";
import { mkdir, rm, rmdir } from "./files/rm-mkdir.ts";
import { df, du, stat } from "./files/stat-du.ts";
import { date } from "./date.ts";
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
  "awk base64 basename clear column comm diff dirname expand expr file fold gunzip gzip hostname " +
  "html-to-markdown join jq md5sum nl od paste rev rg sha1sum sha256sum split strings tac tree " +
  "unexpand whoami zcat"
).split(" ");

/** Programs below /usr/bin that run inside the shell's process, by name. */
export const programs: ReadonlyMap<string, Command> = new Map<string, Command>([
  ...tools.map((name) => [name, runTool] as const),
  ["[", asProgram(test)],
  ["cat", cat],
  ["chmod", chmod],
  ["cp", cp],
  ["cut", cut],
  ["date", date],
  ["df", df],
  ["du", du],
  ["ln", ln],
  ["ls", ls],
  ["mkdir", mkdir],
  ["mv", mv],
  ["readlink", readlink],
  ["realpath", realpath],
  ["rm", rm],
  ["rmdir", rmdir],
  ["stat", stat],
  ["touch", touch],
  ["truncate", truncate],
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
