import { callError, fileError } from "../file-errors.ts";
import type { Kernel } from "../kernel.ts";
import { WATCHES_MAX } from "../limits.ts";
import type { OpenFile } from "../open/open-file.ts";
import { isStream, openPath, withOpen } from "../open/open-path.ts";
import type { Process } from "../process/process.ts";
import { OpenFlag } from "../system-calls.ts";
import { bytesOf, modeOf, sizeOf, textOf, timeOf } from "./arguments.ts";
import type { CallHandlers } from "./handlers.ts";
import { writeFor } from "./write.ts";

type FileCalls = Pick<
  CallHandlers,
  | "stat"
  | "lstat"
  | "realpath"
  | "readlink"
  | "readFile"
  | "writeFile"
  | "readdir"
  | "mkdir"
  | "rmdir"
  | "unlink"
  | "removeTree"
  | "rename"
  | "symlink"
  | "link"
  | "chmod"
  | "utimes"
  | "truncate"
  | "firstFile"
  | "watch"
  | "unwatch"
>;

/** Bytes of one read when a stream is read to its end by path. */
const STREAM_READ_BYTES = 65_536;

/** A stream without an end (`/dev/zero`) fails instead of filling the memory. */
const STREAM_MAX_BYTES = 268_435_456;

/** Calls that name files by path. */
export function fileCalls(kernel: Kernel): FileCalls {
  const { files } = kernel;
  let nextWatch = 1;
  return {
    stat: (process, path) =>
      isStream(kernel, path)
        ? openPath(kernel, process, path, OpenFlag.RDONLY).status()
        : files.stat(path),
    lstat: (_, path) => files.lstat(path),
    realpath: (_, path) => files.realpath(path),
    readlink: (_, path) => files.readlink(path),
    readFile: (process, path) =>
      isStream(kernel, path)
        ? withOpen(kernel, process, { path, flags: OpenFlag.RDONLY }, (file) =>
            readToEnd(file, process),
          )
        : files.read(path),
    writeFile: (process, path, content, { mode, append = false } = {}) => {
      const bytes = bytesOf(content, "write");
      if (isStream(kernel, path)) {
        return withOpen(kernel, process, { path, flags: OpenFlag.WRONLY }, async (file) => {
          await writeFor(kernel, process, file, bytes, null);
        });
      }
      if (append) files.append(path, bytes, modeOf(mode, "open"));
      else files.write(path, bytes, modeOf(mode, "open"));
      return undefined;
    },
    readdir: (_, path) => files.list(path),
    mkdir: (_, path, options = {}) => {
      const mode = modeOf(options.mode, "mkdir");
      if (options.recursive === true) files.mkdirp(path, mode);
      else files.mkdir(path, mode === undefined ? {} : { mode });
    },
    rmdir: (_, path) => files.rmdir(path),
    unlink: (_, path) => files.unlink(path),
    removeTree: (_, path) => files.remove(path, { recursive: true }),
    rename: (_, from, to) => files.rename(from, to),
    symlink: (_, target, path) => files.symlink(textOf(target, "symlink"), path),
    link: (_, existing, path) => files.link(existing, path),
    chmod: (_, path, mode) => files.chmod(path, sizeOf(mode, "chmod")),
    utimes: (_, path, atimeMs, mtimeMs) =>
      files.utimes(path, timeOf(atimeMs, "utime"), timeOf(mtimeMs, "utime")),
    truncate: (_, path, size) => files.truncate(path, sizeOf(size, "truncate")),
    firstFile: (_, paths) => files.firstFile(paths),
    watch: (process, path) => {
      if (process.watches.size >= WATCHES_MAX) throw fileError("ENOSPC", "watch", path);
      const watch = nextWatch++;
      const stop = files.watch(path, (event) => process.body.send({ type: "watch", watch, event }));
      process.watches.set(watch, stop);
      return watch;
    },
    unwatch: (process, watch) => {
      process.watches.get(watch)?.();
      process.watches.delete(watch);
    },
  };
}

async function readToEnd(file: OpenFile, process: Process): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const chunk = await file.read(STREAM_READ_BYTES, null, process);
    if (chunk.byteLength === 0) break;
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > STREAM_MAX_BYTES) throw callError("EFBIG", "read");
  }
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}
