import type { Bash } from "just-bash/browser";
import { FileError, type FileErrorCode } from "../../runtime.ts";
import { resolvePath } from "../kernel/path.ts";
import type { StartMessage } from "../kernel/process-messages.ts";
import { toByteString } from "./bytes.ts";
import { createBash, rewriteNext } from "./create-bash.ts";
import { redirectsItself, syntaxFault } from "./guard.ts";
import type { KernelClient } from "./kernel-client.ts";
import { type Plan, planOf } from "./plan.ts";
import { mayReadInput } from "./reads-input.ts";
import { streamOutput } from "./stream-output.ts";

/** Exit codes of bash (bash(1), EXIT STATUS). */
const SYNTAX_ERROR = 2;
const NOT_RUNNABLE = 126;
const NOT_FOUND = 127;

type ScriptPlan = Extract<Plan, { kind: "script" }>;

/** Runs one program to its end and resolves with its exit code. */
export async function runProgram(start: StartMessage, client: KernelClient): Promise<number> {
  const plan = planOf(start.program, start.argv);
  const complain = async (text: string, code: number): Promise<number> => {
    await client.output("stderr", encode(text));
    return code;
  };
  switch (plan.kind) {
    case "refused":
      return complain(plan.message, SYNTAX_ERROR);
    case "version":
      await client.output("stdout", encode("GNU bash, version 5.1.0(1)-release (just-bash)\n"));
      return 0;
    case "program":
      return runShell(start, client, { source: quote(plan.name), args: [...plan.args] });
    case "script": {
      const script = await load(plan, start, client);
      if ("failure" in script) return complain(script.failure, script.code);
      const { message, line } = syntaxFault(script.source) ?? {};
      if (message !== undefined) {
        const place = plan.source.from === "text" ? `${plan.name}: -c` : plan.name;
        return complain(`${place}: line ${line}: syntax error: ${message}\n`, SYNTAX_ERROR);
      }
      const flags = plan.options === "" ? "" : `set -${plan.options}; `;
      const source = `${flags}${script.source}`;
      return runShell(start, client, { source, positional: [plan.name, ...plan.args] });
    }
  }
}

interface Run {
  readonly source: string;
  /** `$0`, `$1`, … */
  readonly positional?: readonly string[];
  /** Added to the first command, past the parser. */
  readonly args?: string[];
}

async function runShell(start: StartMessage, client: KernelClient, run: Run): Promise<number> {
  const bash = createBash({ ...start, client });
  const arm = rewriteNext(bash, (script) => ({
    ...script,
    // Redirections of ours would undo those of the shell itself.
    statements: redirectsItself(run.source) ? script.statements : streamOutput(script.statements),
  }));
  const input = mayReadInput(run.source) ? toByteString(await client.input()) : "";
  arm();
  const result = await bash
    .exec(run.source, {
      rawScript: true,
      stdin: input,
      stdinKind: "bytes",
      env: positionalParameters(run.positional),
      ...(run.args === undefined ? {} : { args: run.args }),
    })
    .catch(failedRun);
  await deliverRest(result, client);
  return result.exitCode;
}

type Result = Pick<Awaited<ReturnType<Bash["exec"]>>, "stdout" | "stderr" | "exitCode">;

/** What did not stream: messages of the shell itself, and scripts that redirect it. */
export async function deliverRest(result: Result, client: KernelClient): Promise<void> {
  if (result.stdout !== "") await client.output("stdout", encode(result.stdout));
  if (result.stderr !== "") await client.output("stderr", encode(result.stderr));
}

/** Errors that bash words differently from Node, when a redirection meets them. */
const redirectionFailures: Readonly<Partial<Record<FileErrorCode, string>>> = {
  EACCES: "Permission denied",
  EISDIR: "Is a directory",
  ENOENT: "No such file or directory",
  ENOSPC: "No space left on device",
  ENOTDIR: "Not a directory",
};

/** A file error in a redirection ends just-bash's run; bash would say so and go on. */
export function failedRun(error: unknown): Result {
  if (!(error instanceof FileError)) throw error;
  const reason = redirectionFailures[error.code] ?? error.message;
  return { stdout: "", stderr: `bash: ${error.path}: ${reason}\n`, exitCode: 1 };
}

async function load(
  { source, name }: ScriptPlan,
  start: StartMessage,
  client: KernelClient,
): Promise<{ source: string } | { failure: string; code: number }> {
  if (source.from === "text") return { source: source.text };
  if (source.from === "input") return { source: decode(await client.input()) };
  let text: string;
  try {
    text = decode(await client.files.read(resolvePath(start.cwd, source.path)));
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    if (error.code === "EISDIR") {
      return { failure: `bash: ${name}: Is a directory\n`, code: NOT_RUNNABLE };
    }
    return { failure: `bash: ${name}: No such file or directory\n`, code: NOT_FOUND };
  }
  const interpreter = /^#!\s*(?:\S*\/env\s+)?(\S+)/.exec(text)?.[1]?.split("/").at(-1) ?? "bash";
  if (interpreter === "bash" || interpreter === "sh") return { source: text };
  return { failure: `bash: ${name}: ${interpreter}: bad interpreter\n`, code: NOT_FOUND };
}

function positionalParameters(values: readonly string[] = []): Record<string, string> {
  const args = values.slice(1);
  const named = Object.fromEntries(values.map((value, index) => [String(index), value]));
  return values.length === 0 ? {} : { ...named, "#": String(args.length), "@": args.join(" ") };
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
