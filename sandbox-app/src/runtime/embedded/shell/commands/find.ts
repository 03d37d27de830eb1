import { Capture } from "../redirect/open-file.ts";
import { Handle } from "../redirect/descriptors.ts";
import { runOther } from "./running.ts";
import type { Command, CommandCall } from "./command.ts";
import { runTool } from "./tool.ts";

/** What stands after `-exec`. */
interface Action {
  readonly argv: readonly string[];
  /** `+`: many paths on one command line. */
  readonly isBatch: boolean;
  /** `-execdir`: runs where the file is. */
  readonly inDirectory: boolean;
}

/**
 * `find` of just-bash, with `-exec` that runs real commands: the search prints its paths, and the
 * action runs on each. So `-exec` stands last in the expression; a test after it is not seen.
 */
export const find: Command = async (call) => {
  const { shell, args } = call;
  const at = args.findIndex((arg) => /^-(exec|execdir|ok)$/.test(arg));
  if (at === -1) return runTool(call);
  const end = args.findIndex(
    (arg, index) => index > at && (arg === ";" || (arg === "+" && args[index - 1] === "{}")),
  );
  if (end === -1) {
    await shell.complain("find: missing argument to `-exec'\n");
    return 1;
  }
  const isBatch = args[end] === "+";
  const action = {
    argv: args.slice(at + 1, isBatch ? end - 1 : end),
    isBatch,
    inDirectory: args[at] === "-execdir",
  };
  const found = new Capture(shell.process.system);
  const child = shell.subshell();
  child.descriptors.set(1, new Handle(found));
  const searching = runTool({
    ...call,
    shell: child,
    args: [...args.slice(0, at), "-print0", ...args.slice(end + 1)],
  });
  const status = await searching.finally(() => child.descriptors.closeAll());
  const text = new TextDecoder().decode((await found.bytes()).slice());
  const paths = text.split("\0").filter((path) => path !== "");
  return (await runAction(call, action, paths)) || status;
};

async function runAction(
  { shell }: CommandCall,
  { argv, isBatch, inDirectory }: Action,
  paths: readonly string[],
): Promise<number> {
  if (isBatch)
    return paths.length === 0 ? 0 : (await runOther(shell, [...argv, ...paths])) === 0 ? 0 : 1;
  for (const path of paths) {
    await shell.process.pace(shell.signal);
    const at = path.lastIndexOf("/");
    const named = inDirectory ? `./${path.slice(at + 1)}` : path;
    const place = shell.subshell();
    if (inDirectory && at > 0)
      place.cwd = path.startsWith("/") ? path.slice(0, at) : `${shell.cwd}/${path.slice(0, at)}`;
    await runOther(
      place,
      argv.map((word) => word.replaceAll("{}", named)),
    );
    place.descriptors.closeAll();
  }
  return 0;
}
