import { FileError } from "../../../runtime.ts";
import type { Kernel } from "../kernel.ts";
import type { OpenFile } from "../open/open-file.ts";
import type { Process } from "../process/process.ts";

/**
 * Writes for a process. A write that waits for room goes on when the process exits; one that nobody
 * can read any more brings SIGPIPE, as POSIX has it.
 */
export function writeFor(
  kernel: Kernel,
  process: Process,
  file: OpenFile,
  bytes: Uint8Array,
  position: number | null,
): number | Promise<number> {
  const { pid, group, writeWaits } = process;
  try {
    const written = file.write(bytes, position, { pid, group, waits: writeWaits });
    if (typeof written === "number") return written;
    const pending = written.catch((error: unknown) => brokenPipe(kernel, process, error));
    process.pendingWrites.add(pending);
    const forget = (): boolean => process.pendingWrites.delete(pending);
    pending.then(forget, forget);
    return pending;
  } catch (error) {
    return brokenPipe(kernel, process, error);
  }
}

function brokenPipe(kernel: Kernel, process: Process, error: unknown): never {
  if (error instanceof FileError && error.code === "EPIPE") kernel.signal(process, "SIGPIPE");
  throw error;
}
