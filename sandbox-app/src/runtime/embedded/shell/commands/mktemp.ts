import { resolvePath } from "../../kernel/path.ts";
import { type Command, complain } from "./command.ts";

interface Job {
  readonly isDirectory: boolean;
  /** Only tells a name. */
  readonly isDry: boolean;
  readonly path: string;
}

const STANDARD_TEMPLATE = "tmp.XXXXXXXXXX";
const marks = /X{3,}(?=[^X/]*$)/;

/** What to make, its name chosen; a template without marks as text. */
function jobOf(call: readonly string[], temporary: string): Job | { readonly template: string } {
  const args = [...call];
  const flags = new Set<string>();
  let directory: string | null = null;
  let template: string | null = null;
  for (let arg = args.shift(); arg !== undefined; arg = args.shift()) {
    const within = /^(?:--tmpdir=?|-p)(.*)$/.exec(arg)?.[1];
    if (arg === "-p") directory = args.shift() ?? temporary;
    else if (within !== undefined) directory = within === "" ? temporary : within;
    else if (arg === "--directory") flags.add("d");
    else if (/^-[dqut]+$/.test(arg)) for (const flag of arg.slice(1)) flags.add(flag);
    else template = arg;
  }
  if (template === null || flags.has("t")) directory ??= temporary;
  const pattern = (directory === null ? "" : `${directory}/`) + (template ?? STANDARD_TEMPLATE);
  const length = marks.exec(pattern)?.[0].length;
  if (length === undefined) return { template: template ?? pattern };
  const path = pattern.replace(marks, randomName(length));
  return { isDirectory: flags.has("d"), isDry: flags.has("u"), path };
}

export const mktemp: Command = async (call) => {
  const { shell } = call;
  const job = jobOf(call.args, shell.variables.get("TMPDIR") ?? "/tmp");
  if ("template" in job) return complain(call, `too few X's in template '${job.template}'`);
  const { system } = shell.process;
  const full = resolvePath(shell.cwd, job.path);
  try {
    if (job.isDirectory && !job.isDry) await system.call("mkdir", full, { mode: 0o700 });
    else if (!job.isDry) await system.call("writeFile", full, new Uint8Array(), { mode: 0o600 });
  } catch {
    const kind = job.isDirectory ? "directory" : "file";
    return complain(call, `failed to create ${kind} '${job.path}': No such file or directory`);
  }
  await shell.print(`${job.path}\n`);
  return 0;
};

function randomName(length: number): string {
  const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => letters.charAt(byte % letters.length)).join("");
}
