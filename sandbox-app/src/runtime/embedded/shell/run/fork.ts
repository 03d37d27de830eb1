import type { AndOr, PipelineNode } from "unbash";
import { SUBSHELL_PROGRAM } from "../../kernel/layout.ts";
import { errnoWords } from "../redirect/error-words.ts";
import type { Shell } from "../state/shell.ts";
import { snapshotOf } from "../state/snapshot.ts";
import { ShellError } from "./outcome.ts";
import { childStreams } from "./program.ts";

/** Status of a shell that could get no process (bash's own). */
const NO_PROCESS = 254;

/**
 * Starts a process that goes on as a copy of a subshell: the part of `fork` that a worker can have.
 * It leads a group of its own, so that a signal reaches all that it starts.
 *
 * @param child made for it; its descriptors are inherited, and closed here
 * @returns its pid
 */
export async function forkShell(child: Shell, node: PipelineNode | AndOr): Promise<number> {
  const { port1, port2 } = new MessageChannel();
  port1.postMessage(snapshotOf(child, node));
  const { streams, done } = childStreams(child);
  try {
    const { pid } = await child.process.spawn({
      file: SUBSHELL_PROGRAM,
      argv: ["bash", "-c", child.source.slice(node)],
      cwd: child.cwd,
      env: child.variables.environment(),
      streams,
      newGroup: true,
      channel: port2,
    });
    return pid;
  } catch (error) {
    throw new ShellError(`fork: ${errnoWords(error)}`, NO_PROCESS);
  } finally {
    done();
    child.descriptors.closeAll();
  }
}
