import type { NodeContext } from "../../context.ts";
import type { Callback } from "../stream/stream-types.ts";

type Done = (error: Error | null, value?: unknown) => void;

/** The callback functions that file streams stand on; a guest may pass its own as `options.fs`. */
export interface StreamFiles {
  open(path: unknown, flags: unknown, mode: unknown, done: Done): void;
  close(fd: number, done: Done): void;
  read(
    fd: number,
    target: Uint8Array,
    offset: number,
    length: number,
    position: number | null,
    done: Done,
  ): void;
  write(
    fd: number,
    bytes: Uint8Array,
    offset: number,
    length: number,
    position: number | null,
    done: Done,
  ): void;
}

/** What a file's stream works with. */
export interface StreamParts {
  readonly node: NodeContext;
  readonly files: StreamFiles;
}

/** A stream over a file, which it opens unless it was given the descriptor. */
interface FileStream {
  fd: number | null;
  readonly path: unknown;
  readonly flags: unknown;
  readonly mode: unknown;
  /** Of a `FileHandle` that the stream was made of. */
  readonly _handle: { close(): Promise<void> } | null;
  emit(event: string, ...values: unknown[]): boolean;
}

export function openFile(stream: FileStream, files: StreamFiles, callback: Callback): void {
  if (stream.fd !== null) {
    callback();
    return;
  }
  files.open(stream.path, stream.flags, stream.mode, (error, fd) => {
    if (error) {
      callback(error);
      return;
    }
    stream.fd = fd as number;
    callback();
    stream.emit("open", stream.fd);
    stream.emit("ready");
  });
}

/** @param error with which the stream ends; it outranks that of closing the file */
export function closeFile(
  stream: FileStream,
  files: StreamFiles,
  error: Error | null,
  callback: Callback,
): void {
  const { fd, _handle: handle } = stream;
  if (handle !== null) handle.close().then(() => callback(error), callback);
  else if (fd === null) callback(error);
  else files.close(fd, (failed) => callback(error ?? failed));
  stream.fd = null;
}
