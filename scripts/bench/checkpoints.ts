import type { McpCaller } from "../disco/mcp-caller.ts";
import { writeManyFiles } from "./container.ts";
import { type Measured, repeat, timeOf } from "./times.ts";

const WARM_UP_CALLS = 5;
const CALLS = 50;
const RESTORES = 5;
const FILES = 2_800;
/** What the workspace holds when these measurements are done. */
export const MANY_FILES = `${FILES.toLocaleString("en")} files`;

/** All files are written anew, with the bytes turned round, so that each of them has changed. */
const CHANGE_ALL =
  'find many -type f | while read f; do rev "$f" > /tmp/x; cat /tmp/x > "$f"; done';

/** What the checkpoint before each changing call costs; the same calls beside few files and many. */
export async function measureCheckpoints(caller: McpCaller): Promise<Measured[]> {
  await caller.call("run_command", { command: "rm -rf many many.js" });
  const few = await measureChanges(caller, "few files");
  await writeManyFiles(caller, FILES);
  const many = await measureChanges(caller, MANY_FILES);
  return [...few, ...many, await measureRestore(caller)];
}

async function measureChanges(caller: McpCaller, beside: string): Promise<Measured[]> {
  let count = 0;
  const calls: [string, () => Promise<unknown>][] = [
    ["write_file", () => caller.call("write_file", { path: "x.txt", content: `${count++}\n` })],
    ["run_command, no change", () => caller.call("run_command", { command: ":" })],
    ["run_command", () => caller.call("run_command", { command: `echo ${count++} > x.txt` })],
  ];
  const measured: Measured[] = [];
  for (const [what, call] of calls) {
    const time = () => timeOf(call);
    await repeat(WARM_UP_CALLS, time);
    measured.push({ what: `${what}, ${beside}`, times: await repeat(CALLS, time) });
  }
  return measured;
}

/** Of a command that has changed each of the files. */
async function measureRestore(caller: McpCaller): Promise<Measured> {
  const times = await repeat(RESTORES, async () => {
    const { checkpoint, status } = await caller.call("run_command", {
      command: CHANGE_ALL,
      timeout_s: 40,
    });
    if (checkpoint === undefined || status !== "exited") throw new Error("Nothing was changed.");
    return timeOf(() => caller.call("restore_checkpoint", { id: checkpoint }));
  });
  return { what: `restore_checkpoint, ${MANY_FILES}`, times };
}
