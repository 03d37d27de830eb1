import { invalidArgType, outOfRange } from "../builtins/errors/node-error.ts";

/** Exit codes of Node (process.md, "Exit codes"). */
export const ExitCode = {
  uncaught: 1,
  badOption: 9,
  handlerFailed: 7,
  unsettledAwait: 13,
} as const;

export type ExitValue = number | string | null | undefined;

/** @throws ERR_INVALID_ARG_TYPE, ERR_OUT_OF_RANGE */
export function checkExitCode(value: unknown, name: string): ExitValue {
  if (value === null || value === undefined) return value;
  const isNumeric = typeof value === "string" && value !== "" && Number.isFinite(Number(value));
  if (typeof value !== "number" && !isNumeric) throw invalidArgType(name, "of type number", value);
  if (!Number.isInteger(Number(value))) throw outOfRange(name, "an integer", value);
  return value;
}

/** The number that the parent gets: the low byte (wait(2)). */
export function exitStatus(value: ExitValue): number {
  return Number(value ?? 0) & 0xff;
}
