import type { GuestProcess, ProcessParts } from "./create-process.ts";
import { createEmitWarning, createWarningPrinter, type WarningsHost } from "./warnings.ts";

/** `emitWarning`, and the listener that prints what nobody silences. */
export function warningMembers(parts: ProcessParts, process: GuestProcess): object {
  const host: WarningsHost = {
    options: parts.options,
    pid: parts.system.start.pid,
    nextTick: (callback) => parts.loop.nextTick(callback),
    emit: (warning) => process.emit("warning", warning),
    throwLater: (warning) => {
      throw warning;
    },
    write: (text) => parts.write(text),
    noDeprecation: () =>
      parts.options.noDeprecation ||
      (process as { noDeprecation?: boolean }).noDeprecation === true,
  };
  process.on("warning", createWarningPrinter(host));
  return { emitWarning: createEmitWarning(host) };
}
