import type { Address, RangeEnd, SedCommand } from "./script.ts";

type Matches = (address: Address) => Promise<boolean>;

/** Whether a command is for the line at hand; keeps the state of its range. */
export async function isAddressed(
  command: SedCommand,
  line: number,
  matches: Matches,
): Promise<boolean> {
  const { from, to } = command;
  if (from === null) return true;
  if (to === null) return matches(from);
  if (command.isInRange) return goesOn(command, to, line, matches);
  // `0,/x/`: the end may be found on the first line already.
  const startsAtZero = from.kind === "line" && from.line === 0;
  if (startsAtZero && line === 1 && to.kind === "pattern") {
    command.isInRange = !(await matches(to));
    command.rangeEnd = null;
    return true;
  }
  if (!(await matches(from))) return false;
  command.rangeEnd = lastLine(to, line);
  command.isInRange = command.rangeEnd === null || command.rangeEnd > line;
  return true;
}

async function goesOn(
  command: SedCommand,
  to: RangeEnd,
  line: number,
  matches: Matches,
): Promise<boolean> {
  if (command.rangeEnd !== null) {
    if (line >= command.rangeEnd) command.isInRange = false;
    return line <= command.rangeEnd;
  }
  if (to.kind !== "more" && to.kind !== "multiple" && (await matches(to)))
    command.isInRange = false;
  return true;
}

/** Where a range ends that starts here; null when only its lines will tell. */
function lastLine(to: RangeEnd, line: number): number | null {
  switch (to.kind) {
    case "line":
      return to.line;
    case "more":
      return line + to.lines;
    case "multiple":
      return Math.ceil(line / to.of) * to.of;
    default:
      return null;
  }
}
