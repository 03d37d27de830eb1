import type { OperationOutput } from "#protocol/registry.ts";

type Status = OperationOutput<"container_status">;

/** What a client needs to begin, or to carry on; programs have the rest beside it. */
export function statusText(status: Status): string {
  const { container, name, detail, open_url: url, root, branch, dirty_files: dirty } = status;
  const git = branch === null ? "" : `Branch ${branch}, ${dirty ?? "?"} files changed.`;
  return [
    `${name} (${container}): ${status.state}. ${detail}`,
    status.state === "waiting_for_tab" ? "" : `Page: ${url}`,
    root === null ? "" : `Workspace: ${root}. Commands start there.`,
    git,
    ...listed("Previews, in the user's browser only", status.previews.map(previewLine)),
    ...listed("Running", (status.processes ?? []).map(processLine)),
    ...listed("Lately, the latest first", status.recent.map(recentLine)),
    limitsLine(status),
  ]
    .filter((line) => line !== "")
    .join("\n");
}

function listed(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`${title}:`, ...lines.map((line) => `  ${line}`)];
}

function previewLine({ port, url }: Status["previews"][number]): string {
  return `${port}  ${url}`;
}

function processLine(process: NonNullable<Status["processes"]>[number]): string {
  const { id, pid, command, client, ports } = process;
  const by = client === null ? "" : `  by ${client}`;
  const on = ports.length === 0 ? "" : `  ports ${ports.join(",")}`;
  return `${id ?? "-"}  pid ${pid ?? "-"}${on}${by}  ${command}`;
}

function recentLine({ client, summary, outcome, age_s: age }: Status["recent"][number]): string {
  return `${ageText(age)} ago, ${client}: ${summary} (${outcome})`;
}

function ageText(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}

function limitsLine({ limits, runtime }: Status): string {
  const can = runtime === null ? "" : ` Runtime: ${runtime.kind}, Python ${runtime.python}.`;
  return (
    `Limits: ${limits.file_max_bytes} bytes a file, ${limits.command_wait_max_s} s until a command goes ` +
    `on by itself.${can}`
  );
}
