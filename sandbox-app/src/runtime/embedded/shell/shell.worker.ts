import type { FromProcess, ToProcess } from "../kernel/process-messages.ts";
import { KernelClient } from "./kernel-client.ts";
import { runProgram } from "./run-program.ts";
import { ShellSession } from "./session.ts";

/** Exit code of a program that the shell itself failed to run. */
const FAILED = 1;

const client = new KernelClient((message: FromProcess) =>
  self.postMessage(message, { transfer: [] }),
);

self.addEventListener("message", ({ data }: MessageEvent<ToProcess>) => {
  switch (data.type) {
    case "reply":
      client.settle(data);
      break;
    case "start":
      void end(runProgram(data, client));
      break;
    case "start_shell":
      void end(new ShellSession(data, client).run());
      break;
  }
});

async function end(running: Promise<number>): Promise<void> {
  try {
    client.exit(await running);
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    await client.output("stderr", new TextEncoder().encode(`bash: ${text}\n`));
    client.exit(FAILED);
  }
}
