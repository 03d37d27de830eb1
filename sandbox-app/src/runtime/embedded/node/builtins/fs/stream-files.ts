import type { NodeContext } from "../../context.ts";
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
