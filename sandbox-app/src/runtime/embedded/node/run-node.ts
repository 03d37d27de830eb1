import type { System } from "../kernel/system-calls.ts";
import { parseCommandLine } from "./cli/parse-options.ts";
import { runCommand } from "./cli/run-command.ts";
import type { BuiltinModules, Natives } from "./context.ts";
import { createMachine, type NodeMachine } from "./create-context.ts";
import { installGlobals } from "./global/install-globals.ts";
import { connectParent } from "./parentage.ts";
import { ExitCode } from "./process/exit.ts";
import { FirstLineShifts } from "./stack/guest-frame.ts";
import { prepareStacks } from "./stack/prepare-stack.ts";

export interface NodeStart {
  readonly system: System;
  readonly natives: Natives;
  readonly global: typeof globalThis;
  readonly builtins: BuiltinModules;
  /** Whether a file in a stack is this runtime's own. */
  readonly ownSource: (file: string) => boolean;
  /** Listens for rejections that nobody handles, and for those that somebody handled too late. */
  onRejection(
    listener: (reason: unknown, promise: Promise<unknown>) => void,
    handled: (promise: Promise<unknown>) => void,
  ): void;
}

/** Runs the Node process that `system` was started for. Does not return when it ends at once. */
export function runNode(start: NodeStart): void {
  const { system } = start;
  const args = system.start.argv.slice(1);
  const stdinIsTerminal = system.callSync("terminalSize", 0) !== null;
  const command = parseCommandLine(args, system.start.env["NODE_OPTIONS"] ?? "", stdinIsTerminal);
  if ("message" in command) {
    system.callSync("write", 2, new TextEncoder().encode(`${command.message}\n`), null);
    return system.exit(ExitCode.badOption);
  }
  const shifts = new FirstLineShifts();
  const machine = createMachine({ ...start, command, shifts });
  // As Node: a write that nobody reads is an error of the write, not the end. An event is not
  // inherited by children, as an ignored signal would be.
  system.callSync("signalAction", "SIGPIPE", "event");
  prepareStacks(start.global.Error, start.ownSource, shifts);
  if (command.stackTraceLimit !== null) {
    Object.assign(start.global.Error, { stackTraceLimit: command.stackTraceLimit });
  }
  installGlobals(machine.context, machine.loop);
  machine.loader.dynamicCode.install();
  start.onRejection(
    (reason, promise) => machine.loop.enter(() => machine.termination.rejected(reason, promise)),
    (promise) => machine.loop.enter(() => void machine.process.emit("rejectionHandled", promise)),
  );
  if (command.title !== null) Object.assign(machine.process, { title: command.title });
  const connected = connectParent(machine);
  machine.loop.enter(() => {
    const main =
      connected === null
        ? runCommand(machine, command)
        : connected.then(() => runCommand(machine, command));
    watchMain(machine, main);
  });
  machine.loop.start(machine.termination);
}

/** The main program's failure is an uncaught exception; a wait of it that never ends is told. */
function watchMain({ loop, termination }: NodeMachine, main: Promise<unknown> | null): void {
  if (main === null) return;
  termination.mainIsPending = true;
  main.then(
    () => {
      termination.mainIsPending = false;
    },
    (error: unknown) => {
      termination.mainIsPending = false;
      loop.enter(() => termination.fail(error));
    },
  );
}
