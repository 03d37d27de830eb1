import type { OperationOutput } from "#protocol/registry.ts";

type Ran = OperationOutput<"run_command">;
type Read = OperationOutput<"read_output">;
type Listed = OperationOutput<"list_processes">;

/** What a command wrote, how it ended, and what to call next when that is not all. */
export function commandText(output: Ran): string {
  const seconds = (output.duration_ms / 1_000).toFixed(1);
  const ended = {
    exited: `exit ${output.exit_code}, ${seconds} s`,
    killed: `killed after ${seconds} s`,
    running: `still running after ${seconds} s`,
  }[output.status];
  const notes = [nextStep(output), listening(output.ports), undoing(output)];
  if (output.stdout === "" && output.stderr === "")
    return joined([silence(output, ended), ...notes]);
  const cut = output.truncated ? "; the middle of the output was left out" : "";
  const stderr = output.stderr && `[stderr]\n${output.stderr}`;
  return joined([output.stdout, stderr, `[${ended}${cut}]`, ...notes]);
}

function silence({ status, exit_code: code }: Ran, ended: string): string {
  if (status === "running") return `No output yet (${ended}).`;
  const verb = status === "exited" && code === 0 ? "succeeded" : "ended";
  return `Command ${verb} with no output (${ended}).`;
}

function nextStep({ status, process_id: id, cursor }: Ran): string {
  if (id === null) return "";
  return status === "running"
    ? `It goes on as process ${id}: read_output with cursor ${cursor} for what comes, wait_for for its ` +
        "end, stop_process to stop it."
    : `All of the output: read_output of ${id} with cursor 0.`;
}

function undoing({ checkpoint: id }: Ran): string {
  return id === undefined ? "" : `Files have changed: restore_checkpoint ${id} undoes it.`;
}

function listening(ports: readonly number[]): string {
  return ports.length === 0
    ? ""
    : `Now listening: ${ports.join(", ")}. container_status has the URLs.`;
}

/** A part of a command's output, and from where to go on. */
export function outputText(output: Read): string {
  const { status, exit_code: code, cursor, remaining, dropped } = output;
  const standing = status === "exited" ? `exit ${code}` : status;
  const left = dropped === 0 ? "" : `… ${dropped} characters left out …`;
  const more = remaining === 0 ? "" : `; ${remaining} characters follow`;
  const isOver = status !== "running" && remaining === 0;
  const next = isOver ? "" : `; next cursor ${cursor}`;
  return joined([left, output.output || "No output.", `[${standing}${more}${next}]`]);
}

/** One process a line. */
export function processesText({ processes }: Listed): string {
  if (processes.length === 0) return "Nothing runs, and nothing has ended lately.";
  return processes.map(processLine).join("\n");
}

function processLine(process: Listed["processes"][number]): string {
  const { id, pid, status, exit_code: code, ports, memory, client } = process;
  const parts = [
    id ?? "-",
    status === "exited" ? `exit ${code}` : status,
    pid === null ? "" : `pid ${pid}`,
    ports.length === 0 ? "" : `ports ${ports.join(",")}`,
    memory === null ? "" : `${Math.ceil(memory / 1_048_576)} MiB`,
    client === null ? "" : `by ${client}`,
    `since ${process.started}`,
  ];
  return `${parts.filter((part) => part !== "").join("  ")}\t${process.command}`;
}

function joined(parts: readonly string[]): string {
  return parts
    .filter((part) => part !== "")
    .map((part) => part.replace(/\n$/, ""))
    .join("\n");
}
