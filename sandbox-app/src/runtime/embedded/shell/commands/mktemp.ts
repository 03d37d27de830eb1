import { resolvePath } from "../../kernel/path.ts";
import { type Command, complain } from "./command.ts";
import { gnuOptions } from "./gnu-options.ts";

interface Job {
  readonly isDirectory: boolean;
  /** Only tells a name. */
  readonly isDry: boolean;
  readonly path: string;
}

const STANDARD_TEMPLATE = "tmp.XXXXXXXXXX";
const marks = /X{3,}(?=[^X/]*$)/;

/** What to make, its name chosen; a template without marks as text. */
function jobOf(args: readonly string[], temporary: string): Job | { readonly template: string } {
  const { given, operands } = gnuOptions(args, {
    letters: "dqutp:",
    long: { directory: "d", tmpdir: "tmpdir::", "dry-run": "u", quiet: "q", suffix: "suffix:" },
  });
  const [template] = operands;
  const within = given.get("p") ?? given.get("tmpdir");
  const isInTemporary = template === undefined || given.has("t") || within !== undefined;
  const place = within === undefined || within === "" ? temporary : within;
  const pattern = (isInTemporary ? `${place}/` : "") + (template ?? STANDARD_TEMPLATE);
  const length = marks.exec(pattern)?.[0].length;
  if (length === undefined) return { template: template ?? pattern };
  const path = pattern.replace(marks, randomName(length)) + (given.get("suffix") ?? "");
  return { isDirectory: given.has("d"), isDry: given.has("u"), path };
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
