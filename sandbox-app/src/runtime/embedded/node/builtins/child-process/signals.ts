import { SignalNumber, type SignalName } from "../../../kernel/system-calls.ts";
import { invalidArgType, nodeError } from "../errors/node-error.ts";

/** Signals of Linux that the kernel does not know; a process cannot handle them here, so they kill. */
const fatal: Record<string, number> = {
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGIOT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGSEGV: 11,
};

/** A signal by name or number as the kernel takes it. */
export function toSignal(signal: unknown): SignalName | 0 {
  if (signal === undefined || signal === null) return "SIGTERM";
  if (signal === 0) return 0;
  if (typeof signal === "number") {
    const found = Object.entries(SignalNumber).find(([, number]) => number === signal);
    if (found !== undefined) return found[0] as SignalName;
    if (Object.values(fatal).includes(signal)) return "SIGKILL";
    throw nodeError("ERR_UNKNOWN_SIGNAL", `Unknown signal: ${signal}`, TypeError);
  }
  if (typeof signal !== "string")
    throw invalidArgType("signal", "one of type string or number", signal);
  const name = signal.toUpperCase();
  if (Object.hasOwn(SignalNumber, name)) return name as SignalName;
  if (Object.hasOwn(fatal, name)) return "SIGKILL";
  throw nodeError("ERR_UNKNOWN_SIGNAL", `Unknown signal: ${signal}`, TypeError);
}
