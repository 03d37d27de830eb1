import type { Kernel } from "./kernel.ts";
import { OUTPUT_MAX_BYTES } from "./limits.ts";
import type { Process } from "./process/process.ts";

const MIB = 1_048_576;

/** Counts what a program and its children say, and ends them when it is far too much. */
export function outputMeter(
  kernel: Pick<Kernel, "cut" | "signalSession">,
  process: Process,
): (bytes: number) => void {
  const { pid, argv, session } = process;
  let total = 0;
  return (bytes) => {
    const wasWithin = total <= OUTPUT_MAX_BYTES;
    total += bytes;
    if (!wasWithin || total <= OUTPUT_MAX_BYTES) return;
    const message = `it wrote more than ${OUTPUT_MAX_BYTES / MIB} MiB of output`;
    kernel.cut(process, { pid, argv, limit: "output", message });
    kernel.signalSession(session, "SIGKILL");
  };
}
