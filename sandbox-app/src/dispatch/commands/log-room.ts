import { type LogLimits, OutputLog } from "./output-log.ts";

const KIB = 1_024;
const MIB = 1_024 * KIB;

/**
 * What is kept of one command. 16 MiB is the output of hours; a program that writes more of it repeats
 * itself. The recent part is more than one read_output returns, and small beside the page also when as
 * many commands run as the embedded runtime allows (PROCESSES_MAX).
 */
export const LOG_LIMITS: LogLimits = {
  recentChars: 128 * KIB,
  blockChars: 64 * KIB,
  maxBytes: 16 * MIB,
};

/** What is put away of all commands together: half of what the checkpoints may hold beside it. */
export const LOGS_MAX_BYTES = 64 * MIB;

/** The logs of one container's commands, which share the page's memory. */
export class LogRoom {
  readonly #logs = new Set<OutputLog>();

  open(): OutputLog {
    const log: OutputLog = new OutputLog(LOG_LIMITS, () => this.#makeRoom());
    this.#logs.add(log);
    return log;
  }

  /** Nobody will read it any more. */
  forget(log: OutputLog): void {
    this.#logs.delete(log);
  }

  /** The log that keeps most gives first, so that no flood takes away what others wrote. */
  #makeRoom(): void {
    let bytes = 0;
    for (const log of this.#logs) bytes += log.bytes;
    while (bytes > LOGS_MAX_BYTES) {
      let [longest] = this.#logs;
      for (const log of this.#logs) if (log.bytes > (longest?.bytes ?? 0)) longest = log;
      const before = longest?.bytes ?? 0;
      if (!longest?.dropOldest()) return;
      bytes -= before - longest.bytes;
    }
  }
}
