import type { Process, Runtime } from "../../runtime/runtime.ts";
import { DiscoError } from "#protocol/errors.ts";

/** Milliseconds that git gets to end after SIGTERM, so that it can put its lock files away. */
const STOP_GRACE_MS = 1_000;

/** Bytes of one answer: the status of 100,000 files. A longer one would only fill the page's memory. */
const OUTPUT_MAX_BYTES = 16 * 1_024 * 1_024;
/** Of what it says beside it, the end counts. */
const ERRORS_MAX_CHARS = 16 * 1_024;

/**
 * Git's surroundings in every call: its own words, which are read here; no questions; names that mean
 * themselves; and an index that nobody writes who only looks, while others stage files.
 */
export const gitEnvironment: Readonly<Record<string, string>> = {
  LC_ALL: "C",
  GIT_TERMINAL_PROMPT: "0",
  GIT_LITERAL_PATHSPECS: "1",
  GIT_OPTIONAL_LOCKS: "0",
};

export interface GitOptions {
  readonly cwd: string;
  readonly signal: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
  /** Bytes after which the rest is not wanted; then git is stopped, and `isCut`. */
  readonly enoughBytes?: number;
}

export interface GitAnswer {
  /** Null when a signal ended it, as when the rest was not wanted. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly isCut: boolean;
}

/**
 * Runs a git command that ends soon.
 *
 * @throws DiscoError the signal's reason when it aborts; too_large when the answer is
 * @throws FileError when it cannot start
 */
export async function runGit(
  runtime: Runtime,
  args: readonly string[],
  { cwd, signal, env = {}, enoughBytes }: GitOptions,
): Promise<GitAnswer> {
  signal.throwIfAborted();
  const process = await runtime.spawn("git", args, { cwd, env: { ...gitEnvironment, ...env } });
  const stop = (): void => stopGit(process);
  signal.addEventListener("abort", stop);
  if (signal.aborted) stop();
  try {
    process.stdin.close().catch(() => {});
    const [out, errors, { code }] = await Promise.all([
      readUpTo(process.stdout, enoughBytes ?? OUTPUT_MAX_BYTES, stop),
      process.stderr === null ? "" : readEnd(process.stderr),
      process.exit,
    ]);
    signal.throwIfAborted();
    if (out.isCut && enoughBytes === undefined) {
      throw new DiscoError("too_large", `git ${args[0]} says more than ${OUTPUT_MAX_BYTES} bytes.`);
    }
    return { code, stdout: out.text, stderr: errors, isCut: out.isCut };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function stopGit(process: Process): void {
  process.kill("SIGTERM");
  const timer = setTimeout(() => process.kill("SIGKILL"), STOP_GRACE_MS);
  void process.exit.then(() => clearTimeout(timer));
}

async function readUpTo(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
  enough: () => void,
): Promise<{ text: string; isCut: boolean }> {
  const decoder = new TextDecoder();
  let [text, bytes] = ["", 0];
  for await (const part of partsOf(stream)) {
    const isCut = bytes + part.length > maxBytes;
    text += decoder.decode(part.subarray(0, maxBytes - bytes), { stream: true });
    bytes += part.length;
    if (!isCut) continue;
    enough();
    return { text, isCut };
  }
  return { text: text + decoder.decode(), isCut: false };
}

async function readEnd(stream: ReadableStream<Uint8Array>): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const part of partsOf(stream)) {
    text = (text + decoder.decode(part, { stream: true })).slice(-ERRORS_MAX_CHARS);
  }
  return text + decoder.decode();
}

/** A stream that the runtime cut with its process has ended. */
async function* partsOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } catch {
    // What came before counts.
  } finally {
    await reader.cancel().catch(() => {});
  }
}
