import { spawn as spawnChild } from "node:child_process";
import fs from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Readable, Writable } from "node:stream";
import type {
  DirectoryEntry,
  FileErrorCode,
  Files,
  FileStat,
  FileType,
  Process,
  ProcessExit,
  Runtime,
  ScannedEntry,
  Signal,
  SpawnOptions,
} from "#sandbox/runtime/runtime.ts";
import { FileError } from "#sandbox/runtime/runtime.ts";

const known: readonly string[] = [
  "ENOENT",
  "EEXIST",
  "EISDIR",
  "ENOTDIR",
  "ENOTEMPTY",
  "EINVAL",
  "ELOOP",
  "ENOSPC",
  "EACCES",
] satisfies FileErrorCode[];

/**
 * A Runtime over a temporary directory and the programs of this machine, so that what is built on
 * the interface can be tested in plain Node against a real file system and a real bash.
 */
export async function bootNodeRuntime(): Promise<Runtime> {
  const root = await fs.realpath(await fs.mkdtemp(path.join(tmpdir(), "disco-")));
  const running = new Set<Process>();
  return {
    capabilities: {
      kind: "embedded",
      separateStderr: true,
      signals: true,
      symlinks: true,
      pty: false,
      backgroundJobs: true,
      realNode: true,
      python: "none",
      previewWebSocket: false,
    },
    root,
    files: nodeFiles,
    async spawn(command, args = [], options = {}) {
      const child = await startProcess(command, args, { cwd: root, ...options });
      running.add(child);
      void child.exit.then(() => running.delete(child));
      return child;
    },
    // The processes and ports of this machine are nobody's business here.
    processes: () => Promise.resolve([]),
    signal: (pid) =>
      Promise.reject(new FileError("ESRCH", "", `ESRCH: no such process, kill ${pid}`)),
    usage: () => Promise.resolve({ fileBytes: 0, fileBytesMax: 0, processes: 0, processesMax: 0 }),
    onProcesses: () => () => {},
    onCut: () => () => {},
    onPort: () => () => {},
    connect: (port) =>
      Promise.reject(new FileError("ECONNREFUSED", "", `ECONNREFUSED: refused, connect ${port}`)),
    // The machine that runs the tests does not fail by itself.
    onError: () => () => {},
    async dispose() {
      for (const child of running) child.kill("SIGKILL");
      await fs.rm(root, { recursive: true, force: true });
    },
  };
}

const nodeFiles: Files = {
  read: (file) => guarded(file, async () => new Uint8Array(await fs.readFile(file))),
  write: (file, content) => guarded(file, () => fs.writeFile(file, content)),
  list: (directory) =>
    guarded(directory, async () => {
      const entries = await fs.readdir(directory, { withFileTypes: true });
      const list = entries.map((entry): DirectoryEntry => ({
        name: entry.name,
        type: typeOf(entry),
      }));
      return list.toSorted((a, b) => (a.name < b.name ? -1 : 1));
    }),
  stat: (file) =>
    guarded(file, async (): Promise<FileStat> => {
      const stat = await fs.lstat(file);
      const size = stat.isDirectory() ? 0 : stat.size;
      return { type: typeOf(stat), size, mode: stat.mode & 0o777, mtimeMs: stat.mtimeMs };
    }),
  realpath: (file) => guarded(file, () => fs.realpath(file)),
  mkdir: (directory, options) =>
    guarded(directory, async () => {
      await fs.mkdir(directory, options);
    }),
  remove: (file, options) =>
    guarded(file, async () => {
      const stat = await fs.lstat(file);
      if (stat.isDirectory() && !options?.recursive) await fs.rmdir(file);
      else await fs.rm(file, options);
    }),
  rename: (from, to) => guarded(from, () => fs.rename(from, to)),
  chmod: (file, mode) => guarded(file, () => fs.chmod(file, mode)),
  // This machine counts no versions: each scan is a whole one.
  scan: (directory, { skip }) =>
    guarded(directory, async () => ({ version: "", entries: await scanned(directory, skip) })),
  watch(file, listener) {
    const stop = new AbortController();
    void (async () => {
      try {
        for await (const event of fs.watch(file, { recursive: true, signal: stop.signal })) {
          listener({ type: "changed", path: path.join(file, event.filename ?? "") });
        }
      } catch (error) {
        if (!stop.signal.aborted) throw error;
      }
    })();
    return () => stop.abort();
  },
};

async function scanned(top: string, skip: readonly string[], below = ""): Promise<ScannedEntry[]> {
  const entries: ScannedEntry[] = [];
  for (const entry of await fs.readdir(path.join(top, below), { withFileTypes: true })) {
    const name = path.join(below, entry.name);
    const stat = await fs.lstat(path.join(top, name), { bigint: true });
    const size = entry.isDirectory() ? 0 : Number(stat.size);
    const stamp = `${stat.ino}:${stat.ctimeNs}`;
    entries.push({
      path: name,
      type: typeOf(entry),
      size,
      mode: Number(stat.mode) & 0o777,
      stamp,
    });
    if (!entry.isDirectory() || skip.includes(entry.name)) continue;
    entries.push(...(await scanned(top, skip, name)));
  }
  return entries;
}

function typeOf(stat: { isDirectory(): boolean; isSymbolicLink(): boolean }): FileType {
  if (stat.isSymbolicLink()) return "symlink";
  return stat.isDirectory() ? "directory" : "file";
}

async function guarded<Result>(file: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (!(error instanceof Error) || typeof code !== "string" || !known.includes(code)) throw error;
    throw new FileError(code as FileErrorCode, file, error.message);
  }
}

async function startProcess(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
): Promise<Process> {
  const child = spawnChild(command, args, {
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    // Without it bash takes a socket as its input for a remote login, and reads the person's ~/.bashrc.
    env: { ...process.env, SHLVL: "1", ...options.env },
    // A process group of its own, so that a kill reaches the whole tree.
    detached: true,
    stdio: ["pipe", "pipe", "pipe"],
  });
  const { promise: exit, resolve } = Promise.withResolvers<ProcessExit>();
  child.once("close", (code, signal) => resolve({ code, signal: signal as Signal | null }));
  // A program that ended does not read its input; the writer hears of it.
  child.stdin.on("error", () => {});
  await new Promise<void>((started, failed) => {
    child.once("spawn", started);
    child.once("error", (error) => failed(new FileError("ENOENT", command, error.message)));
  });
  return {
    id: String(child.pid),
    stdin: Writable.toWeb(child.stdin) as WritableStream<Uint8Array>,
    stdout: Readable.toWeb(child.stdout) as ReadableStream<Uint8Array>,
    stderr: Readable.toWeb(child.stderr) as ReadableStream<Uint8Array>,
    exit,
    kill(signal = "SIGTERM") {
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, signal);
      } catch {
        // The whole group has ended.
      }
    },
  };
}
