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
import { diff } from "./diff/diff.ts";
import { cmp } from "./diff/cmp.ts";
import { base32, base64 } from "./bytes-tools/base64.ts";
import { hexdump, od, xxd } from "./bytes-tools/dump.ts";
import { expr } from "./expr.ts";
import { killall, lsof, pgrep, pkill, ps, ss, top } from "./system/processes.ts";
import {
  arch,
  free,
  getconf,
  groups,
  ionice,
  nice,
  setsid,
  stdbuf,
  uptime,
  watch,
} from "./system/machine.ts";
import { less } from "./system/less.ts";
import { dd, install, shuf, tput, unlink, whereis } from "./small.ts";
import { awk } from "./awk/awk.ts";
import { basename, dirname } from "./names.ts";
import { paste } from "./paste.ts";
import { cut } from "./cut.ts";
import { find } from "./find/find.ts";
import { grep } from "./grep/grep.ts";
import { sed } from "./sed/sed.ts";
import { tr } from "./tr.ts";
import { sort } from "./sort/sort.ts";
import { uniq } from "./uniq.ts";
import { head, tail } from "./head-tail.ts";
import { mktemp } from "./mktemp.ts";
import { nohup, timeout, xargs } from "./running.ts";
import { seq } from "./seq.ts";
import * as simple from "./simple.ts";
import { runTool } from "./tool.ts";
import { wc } from "./wc.ts";

/** A builtin that is a program too. */
function asProgram(builtin: Builtin): Command {
  return (call) => builtin({ ...call, assignments: new Map() });
}

/** One that is large and seldom run: its code loads when it is. */
function later(load: () => Promise<Command>): Command {
  return async (call) => (await load())(call);
}

const tar = later(async () => (await import("./archive/tar.ts")).tar);
const zip = later(async () => (await import("./archive/zip.ts")).zip);
const unzip = later(async () => (await import("./archive/zip.ts")).unzip);
const gzip = later(async () => (await import("./archive/gzip.ts")).gzip);
const checksum = later(async () => (await import("./bytes-tools/sums.ts")).checksum);
const curl = later(async () => (await import("./web/curl.ts")).curl);
const wget = later(async () => (await import("./web/wget.ts")).wget);

/** Programs of just-bash that are taken as they are. */
const tools = (
  "clear column comm expand file fold hostname html-to-markdown join jq nl rev rg split strings " +
  "tac tree unexpand whoami"
).split(" ");

/** Programs below /usr/bin that run inside the shell's process, by name. */
export const programs: ReadonlyMap<string, Command> = new Map<string, Command>([
  ...tools.map((name) => [name, runTool] as const),
  ["[", asProgram(test)],
  ["cat", cat],
  ["chmod", chmod],
  ["diff", diff],
  ["cmp", cmp],
  ["tar", tar],
  ["zip", zip],
  ["unzip", unzip],
  ["md5sum", checksum],
  ["sha1sum", checksum],
  ["sha224sum", checksum],
  ["sha256sum", checksum],
  ["sha384sum", checksum],
  ["sha512sum", checksum],
  ["b2sum", checksum],
  ["base64", base64],
  ["base32", base32],
  ["xxd", xxd],
  ["hexdump", hexdump],
  ["hd", hexdump],
  ["od", od],
  ["expr", expr],
  ["ps", ps],
  ["top", top],
  ["pgrep", pgrep],
  ["pkill", pkill],
  ["killall", killall],
  ["lsof", lsof],
  ["ss", ss],
  ["free", free],
  ["uptime", uptime],
  ["groups", groups],
  ["arch", arch],
  ["getconf", getconf],
  ["nice", nice],
  ["stdbuf", stdbuf],
  ["setsid", setsid],
  ["ionice", ionice],
  ["watch", watch],
  ["less", less],
  ["more", less],
  ["gzip", gzip],
  ["gunzip", gzip],
  ["zcat", gzip],
  ["shuf", shuf],
  ["install", install],
  ["dd", dd],
  ["unlink", unlink],
  ["whereis", whereis],
  ["tput", tput],
  ["awk", awk],
  ["basename", basename],
  ["dirname", dirname],
  ["paste", paste],
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
  ["curl", curl],
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
  [
    "pwd",
    async ({ shell }) => {
      await shell.print(`${shell.cwd}\n`);
      return 0;
    },
  ],
  ["seq", seq],
  ["sleep", simple.sleep],
  ["sync", () => Promise.resolve(0)],
  ["tail", tail],
  ["tee", tee],
  ["test", asProgram(test)],
  ["timeout", timeout],
  ["true", () => Promise.resolve(0)],
  ["tty", simple.tty],
  ["uname", simple.uname],
  ["wc", wc],
  ["wget", wget],
  ["which", simple.which],
  ["xargs", xargs],
  ["yes", simple.yes],
]);
