import type { Coproc } from "unbash";
import { expandText } from "../expand/word.ts";
import { Handle } from "../redirect/descriptors.ts";
import { KernelFile } from "../redirect/open-file.ts";
import type { Shell } from "../state/shell.ts";
import { startJob } from "./job.ts";
import { ShellError } from "./outcome.ts";

/** Descriptors of coprocesses count down from here, as those of process substitutions do. */
const HIGHEST_FD = 63;
const STANDARD_NAME = "COPROC";

/** `coproc`: a background job with a pipe to its input and one from its output. */
export async function runCoproc(shell: Shell, { name, body }: Coproc): Promise<number> {
  if (body.type === "CompoundList") throw new ShellError("coproc: no command");
  const array = name === undefined ? STANDARD_NAME : await expandText(shell, name);
  const { system } = shell.process;
  const [input, output] = [system.callSync("pipe"), system.callSync("pipe")];
  const theirs = (fd: number): Handle => new Handle(new KernelFile(system, fd));
  const streams = { input: theirs(input.readEnd), output: theirs(output.writeEnd) };
  const status = await startJob(shell, body, shell.source.slice(body), streams);
  const ours = [output.readEnd, input.writeEnd].map((end) => {
    let fd = HIGHEST_FD;
    while (shell.descriptors.get(fd) !== undefined) fd--;
    // A child that held the end too would keep the coprocess from seeing the end of its input.
    shell.descriptors.set(fd, new Handle(new KernelFile(system, end), "private"));
    return fd;
  });
  for (const [index, fd] of ours.entries()) shell.assignName(`${array}[${index}]`, String(fd));
  shell.variables.set(`${array}_PID`, String(shell.lastBackground));
  return status;
}
