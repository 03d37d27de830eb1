import { startSystem } from "../process/system.ts";
import { runShellProgram } from "./start.ts";

/** Exit code of a program that the shell itself failed to run. */
const FAILED = 1;

const started = startSystem();

void started.then(async (system) => {
  try {
    system.exit(await runShellProgram(system));
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    await system.call("write", 2, new TextEncoder().encode(`bash: ${text}\n`), null).catch(() => 0);
    system.exit(FAILED);
  }
});
