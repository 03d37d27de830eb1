import { errnoOf } from "../../redirect/error-words.ts";
import { type Command, type CommandCall, complain } from "../command.ts";
import { gnuOptions } from "../gnu-options.ts";
import { named, statusOf } from "../text/walk.ts";
import { relativePath } from "./cp-mv.ts";

/** How much of a path has to be there: all, all but the last part, or nothing. */
type Needs = "all" | "parent" | "nothing";

export const realpath: Command = async (call) => {
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "emLPqsz",
    long: {
      "canonicalize-existing": "e",
      "canonicalize-missing": "m",
      quiet: "q",
      strip: "s",
      "no-symlinks": "s",
      zero: "z",
      "relative-to": "relative-to:",
      "relative-base": "relative-base:",
    },
  });
  if (unknown !== null) return complain(call, unknown);
  if (operands.length === 0) return complain(call, "missing operand");
  const base = given.get("relative-to") ?? given.get("relative-base");
  const needs: Needs = given.has("e") ? "all" : given.has("m") ? "nothing" : "parent";
  let status = 0;
  for (const operand of operands) {
    const path = given.has("s") ? named(call.shell, operand).path : canonical(call, operand, needs);
    if (path === null) {
      status = 1;
      if (!given.has("q")) await complain(call, `${operand}: No such file or directory`);
      continue;
    }
    const from = base === undefined ? null : canonical(call, base, "nothing");
    await call.shell.print(
      (from === null ? path : relativePath(from, path)) + (given.has("z") ? "\0" : "\n"),
    );
  }
  return status;
};

export const readlink: Command = async (call) => {
  const { shell } = call;
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "efmnqsvz",
    long: {
      canonicalize: "f",
      "canonicalize-existing": "e",
      "canonicalize-missing": "m",
      "no-newline": "n",
      zero: "z",
    },
  });
  if (unknown !== null) return complain(call, unknown);
  if (operands.length === 0) return complain(call, "missing operand");
  const end = given.has("n") ? "" : given.has("z") ? "\0" : "\n";
  const follows = ["e", "f", "m"].some((key) => given.has(key));
  const needs: Needs = given.has("e") ? "all" : given.has("m") ? "nothing" : "parent";
  let status = 0;
  for (const operand of operands) {
    const found = follows ? canonical(call, operand, needs) : linkAt(call, operand);
    if (found === null) status = 1;
    else await shell.print(found + end);
  }
  return status;
};

function linkAt({ shell }: CommandCall, operand: string): string | null {
  try {
    return shell.process.system.callSync("readlink", named(shell, operand).path);
  } catch {
    return null;
  }
}

/** Null when something is missing that has to be there. */
function canonical(call: CommandCall, operand: string, needs: Needs): string | null {
  const { shell } = call;
  let { path } = named(shell, operand);
  const missing: string[] = [];
  for (;;) {
    try {
      const found = shell.process.system.callSync("realpath", path);
      const whole = [found === "/" ? "" : found, ...missing.toReversed()].join("/");
      if (missing.length > (needs === "all" ? 0 : needs === "parent" ? 1 : Infinity)) return null;
      return whole === "" ? "/" : whole;
    } catch (error) {
      if (errnoOf(error) !== "ENOENT") return null;
      // A link whose target is missing leads to the target's name.
      if (statusOf(shell, path, false)?.type === "symlink") {
        const target = shell.process.system.callSync("readlink", path);
        const directory = path.slice(0, path.lastIndexOf("/")) || "/";
        path = named(shell, target.startsWith("/") ? target : `${directory}/${target}`).path;
        continue;
      }
      const at = path.lastIndexOf("/");
      missing.push(path.slice(at + 1));
      path = path.slice(0, at) || "/";
    }
  }
}
