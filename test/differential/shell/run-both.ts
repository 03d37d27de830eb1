import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runShellProgram } from "#sandbox/runtime/embedded/shell/start.ts";
import { KernelInThread } from "#test/support/kernel-in-thread.ts";

export interface Outcome {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
}

/** A snippet that takes longer hangs. */
const TIMEOUT_MS = 10_000;

/** What both sides start with, apart from the directory. */
const environment = { LANG: "C.UTF-8", LC_ALL: "C.UTF-8", TZ: "UTC", TERM: "dumb" };

/** Runs a snippet in bash, in an empty directory. */
export async function runInBash(source: string): Promise<Outcome> {
  const directory = await mkdtemp(join(tmpdir(), "shell-case-"));
  try {
    return await new Promise((resolve) => {
      const options = {
        cwd: directory,
        env: { ...environment, PATH: "/usr/bin:/bin", HOME: directory },
        timeout: TIMEOUT_MS,
        encoding: "utf8",
      } as const;
      const child = execFile(
        "/bin/bash",
        ["-c", source, "bash"],
        options,
        (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === "number" ? error.code : null;
          resolve({ stdout: named(stdout, directory), stderr: named(stderr, directory), code });
        },
      );
      child.stdin?.end();
    });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** The same in the container's shell, on the real kernel. */
export async function runInContainer(source: string): Promise<Outcome> {
  const box = new KernelInThread({ shell: runShellProgram });
  const directory = "/tmp/case";
  box.files.mkdirp(directory);
  const late = Promise.withResolvers<Outcome>();
  const timer = setTimeout(
    () => late.resolve({ stdout: "", stderr: "timed out", code: null }),
    TIMEOUT_MS,
  );
  const running = box.run(["bash", "-c", source, "bash"], {
    cwd: directory,
    env: { ...environment, HOME: directory, PWD: directory },
  });
  try {
    const { stdout, stderr, code, signal } = await Promise.race([
      running.then((ran) => ({ ...ran })),
      late.promise.then((outcome) => ({ ...outcome, signal: null })),
    ]);
    return {
      stdout: named(stdout, directory),
      stderr: named(stderr, directory),
      code: signal === null ? code : null,
    };
  } finally {
    clearTimeout(timer);
  }
}

/** Directories differ; everything else must not. */
function named(text: string, directory: string): string {
  return text.replaceAll(directory, "/here");
}
