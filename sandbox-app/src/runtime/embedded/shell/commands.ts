import { type CustomCommand, defineCommand, type ResolvedCommandContext } from "just-bash/browser";
import { USER } from "../kernel/layout.ts";
import { gzipCommands } from "./gzip.ts";

interface Output {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitCode: number;
}

const ok = (stdout: string): Output => ({ stdout, stderr: "", exitCode: 0 });
const failed = (stderr: string, exitCode = 1): Output => ({ stdout: "", stderr, exitCode });

const UID = 1_000;

function id(args: readonly string[]): Output {
  const flags = args.join("");
  if (args.length === 0)
    return ok(`uid=${UID}(${USER}) gid=${UID}(${USER}) groups=${UID}(${USER})\n`);
  if (!/^-[ugGn]+$/.test(flags) && !/^(-[ugGn])+$/.test(flags)) {
    return failed(`id: invalid option -- '${args.join(" ")}'\n`);
  }
  return ok(`${flags.includes("n") ? USER : UID}\n`);
}

/** What `uname` says of each flag, in the order of `-a`. */
const systemNames = [
  ["s", "Linux"],
  ["n", "disco"],
  ["r", "6.1.0-disco"],
  ["v", "#1 embedded"],
  ["m", "wasm32"],
  ["o", "GNU/Linux"],
] as const;

function uname(args: readonly string[]): Output {
  const flags = args.join("").replaceAll("-", "") || "s";
  const isKnown = (flag: string): boolean => systemNames.some(([name]) => name === flag);
  const unknown = Array.from(flags).find((flag) => flag !== "a" && !isKnown(flag));
  if (unknown !== undefined) return failed(`uname: invalid option -- '${unknown}'\n`);
  const wanted = systemNames.filter(([name]) => flags.includes("a") || flags.includes(name));
  return ok(`${wanted.map(([, value]) => value).join(" ")}\n`);
}

/** Exit code of curl when it cannot connect (curl(1), EXIT CODES). */
const COULD_NOT_CONNECT = 7;

/**
 * `ls` with files among its operands: files first, one a line, then directories under their names.
 * just-bash puts an empty line between all operands.
 */
async function ls(args: readonly string[], context: ResolvedCommandContext): Promise<Output> {
  const original = context.origCommand;
  if (original === undefined) return failed("ls: not available\n");
  const flags = args.filter((arg) => arg.startsWith("-") && arg !== "-");
  const operands = args.filter((arg) => !flags.includes(arg));
  if (operands.length < 2 || flags.includes("--help")) return original([...args]);
  const listsItself = flags.some((flag) => /^-[^-]*d/.test(flag));
  const isDirectory = async (path: string): Promise<boolean> => {
    const stat = context.fs.stat(context.fs.resolvePath(context.cwd, path));
    return (
      !listsItself &&
      (await stat.then(
        (found) => found.isDirectory,
        () => false,
      ))
    );
  };
  const kinds = await Promise.all(operands.map(isDirectory));
  const results: Output[] = [];
  for (const [index, operand] of operands.entries()) {
    if (kinds[index] === false) results.push(await original([...flags, "--", operand]));
  }
  for (const [index, operand] of operands.entries()) {
    if (kinds[index] !== true) continue;
    const listed = await original([...flags, "--", operand]);
    const gap = results.some(({ stdout }) => stdout !== "") ? "\n" : "";
    results.push({ ...listed, stdout: `${gap}${operand}:\n${listed.stdout}` });
  }
  return {
    stdout: results.map(({ stdout }) => stdout).join(""),
    stderr: results.map(({ stderr }) => stderr).join(""),
    exitCode: Math.max(...results.map(({ exitCode }) => exitCode)),
  };
}

/** Programs that just-bash lacks, or that the container answers differently. */
export const ownCommands: readonly CustomCommand[] = [
  ...gzipCommands,
  defineCommand("id", async (args) => id(args)),
  defineCommand("ls", ls),
  defineCommand("uname", async (args) => uname(args)),
  defineCommand("nproc", async () => ok(`${navigator.hardwareConcurrency}\n`)),
  // just-bash prints every variable; only exported ones belong to the environment.
  defineCommand("env", async (args, context) => {
    if (args.length > 0 && context.origCommand) return context.origCommand(args);
    const entries = Object.entries(context.exportedEnv ?? {});
    return ok(entries.map(([name, value]) => `${name}=${value}\n`).join(""));
  }),
  ...["curl", "wget"].map((name) =>
    defineCommand(name, async () =>
      failed(`${name}: this container has no network access\n`, COULD_NOT_CONNECT),
    ),
  ),
];
