import type { OperationInput, OperationOutput } from "#protocol/registry.ts";
import type { Command } from "./command.ts";
import { shownLine } from "./shown-line.ts";

type Output = OperationOutput<"list_commands">;

/**
 * A page of the commands that ran, the one that started last first. The cursor is the number of a
 * command, so that a page stays the same while further commands start.
 *
 * @param commands in that order
 */
export function commandHistory(
  commands: readonly Command[],
  { limit, cursor }: OperationInput<"list_commands">,
): Output {
  const older = commands.filter(({ start }) => start.number < (cursor ?? Infinity));
  const page = older.slice(0, limit);
  const last = page.at(-1)?.start.number ?? null;
  return {
    commands: page.map((command) => entryOf(command)),
    total: commands.length,
    next_cursor: older.length > page.length ? last : null,
  };
}

function entryOf(command: Command): Output["commands"][number] {
  const { id, line, client } = command.start;
  return {
    process_id: id,
    command: shownLine(line),
    client,
    ...command.standing,
    started: new Date(command.startedAt).toISOString(),
    duration_ms: Math.max(0, Math.round(command.ranMs)),
    output_chars: command.log.end,
  };
}
