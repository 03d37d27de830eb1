import type { Shell } from "../state/shell.ts";

const MS_PER_MINUTE = 60_000;

/** The `time` keyword. Workers do not tell their processor time, so all of it counts as the user's. */
export async function timed(
  shell: Shell,
  isPosix: boolean,
  run: () => Promise<number>,
): Promise<number> {
  const start = performance.now();
  const status = await run();
  const elapsed = performance.now() - start;
  await shell.complain(
    isPosix ? posix(elapsed) : formatted(shell.variables.get("TIMEFORMAT"), elapsed),
  );
  return status;
}

function posix(elapsed: number): string {
  const seconds = (elapsed / 1000).toFixed(2);
  return `real ${seconds}\nuser ${seconds}\nsys 0.00\n`;
}

function formatted(format: string | undefined, elapsed: number): string {
  if (format === "") return "";
  const text = format ?? "\nreal\t%3lR\nuser\t%3lU\nsys\t%3lS";
  const shown = text.replaceAll(
    /%(?:([0-3])?(l)?([RUS])|(P)|%)/g,
    (whole: string, digits?: string, long?: string, kind?: string, percent?: string) => {
      if (percent !== undefined) return "100.00";
      if (kind === undefined) return whole === "%%" ? "%" : whole;
      return duration(kind === "S" ? 0 : elapsed, Number(digits ?? 3), long !== undefined);
    },
  );
  return `${shown}\n`;
}

function duration(ms: number, digits: number, isLong: boolean): string {
  if (!isLong) return (ms / 1000).toFixed(digits);
  return `${Math.floor(ms / MS_PER_MINUTE)}m${((ms % MS_PER_MINUTE) / 1000).toFixed(digits)}s`;
}
