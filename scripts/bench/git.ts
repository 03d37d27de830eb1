import type { McpCaller } from "../disco/mcp-caller.ts";
import { type Measured, repeat, timeOf } from "./times.ts";

const CALLS = 20;

/** The workspace becomes a repository, and all that is in it is committed. */
const COMMIT_ALL =
  "git init -q -b main . && git config user.name Bench && git config user.email bench@example.com && " +
  "git add -A && git commit -qm All";

/**
 * What git's operations cost beside many files, each of which git looks at.
 *
 * @param beside how many files the workspace holds already, in words
 */
export async function measureGit(caller: McpCaller, beside: string): Promise<Measured[]> {
  await caller.call("run_command", { command: COMMIT_ALL, timeout_s: 40 });
  let count = 0;
  const change = () =>
    caller.call("write_file", { path: "git-bench.txt", content: `${count++}\n` });
  const status = () => caller.call("git_status", {});
  const look = () => caller.call("container_status", {});
  const commit = () => caller.call("git_commit", { message: "One", files: ["git-bench.txt"] });
  const changed = (call: () => Promise<unknown>) => async () => {
    await change();
    return timeOf(call);
  };
  return [
    { what: `git_status, ${beside}`, times: await repeat(CALLS, changed(status)) },
    { what: "  nothing changed since", times: await repeat(CALLS, () => timeOf(status)) },
    { what: `container_status, ${beside}`, times: await repeat(CALLS, changed(look)) },
    { what: "  nothing changed since", times: await repeat(CALLS, () => timeOf(look)) },
    { what: `git_commit of a file, ${beside}`, times: await repeat(CALLS, changed(commit)) },
  ];
}
