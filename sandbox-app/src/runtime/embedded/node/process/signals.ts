import { SignalNumber, type SignalName, type System } from "../../kernel/system-calls.ts";
import { nodeError } from "../builtins/errors/node-error.ts";

const byNumber = new Map(
  Object.entries(SignalNumber).map(([name, number]) => [number as number, name as SignalName]),
);

export function isSignal(name: unknown): name is SignalName {
  return typeof name === "string" && Object.hasOwn(SignalNumber, name);
}

/** The signal that `process.kill` was asked for. @throws ERR_UNKNOWN_SIGNAL */
export function signalOf(signal: unknown): SignalName | 0 {
  if (signal === undefined) return "SIGTERM";
  if (signal === 0 || signal === "0") return 0;
  if (isSignal(signal)) return signal;
  const known = byNumber.get(Number(signal));
  if (known !== undefined) return known;
  throw nodeError("ERR_UNKNOWN_SIGNAL", `Unknown signal: ${signal as string}`, TypeError);
}

/** Listeners that a process has for a signal decide what the signal does to it. */
export function followListeners(
  system: System,
  count: (signal: SignalName) => number,
): { added(event: unknown): void; removed(event: unknown): void } {
  const watched = new Set<SignalName>();
  return {
    added(event) {
      if (!isSignal(event) || watched.has(event)) return;
      if (event === "SIGKILL" || event === "SIGSTOP") {
        throw Object.assign(new Error(`uv_signal_start EINVAL`), {
          code: "EINVAL",
          syscall: "uv_signal_start",
        });
      }
      watched.add(event);
      system.callSync("signalAction", event, "event");
    },
    removed(event) {
      if (!isSignal(event) || count(event) > 0 || !watched.delete(event)) return;
      system.callSync("signalAction", event, "default");
    },
  };
}
