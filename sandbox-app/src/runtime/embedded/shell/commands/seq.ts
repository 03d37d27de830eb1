import { type Command, complain } from "./command.ts";

/** Numbers written at once. */
const BATCH = 1_000;
/** Binary fractions: 0.1 + 0.2 must still count as 0.3. */
const TOLERANCE = 1e-10;

interface Series {
  readonly from: number;
  readonly by: number;
  readonly count: number;
  /** Digits after the point. */
  readonly digits: number;
  /** Characters that each number is padded to with zeros. */
  readonly width: number;
}

export const seq: Command = async (call) => {
  const { shell } = call;
  const args = [...call.args];
  let separator = "\n";
  let isPadded = false;
  let format: string | null = null;
  while (/^-[swf]|^--/.test(args[0] ?? "")) {
    const option = (args.shift() ?? "")
      .replace(/^--(?:separator=|(?=equal))/, "-s")
      .replace(/^--format=/, "-f");
    if (option.startsWith("-w") || option === "-sequal-width") isPadded = true;
    else if (option.startsWith("-f"))
      format = option.length > 2 ? option.slice(2) : (args.shift() ?? "");
    else separator = option.length > 2 ? option.slice(2) : (args.shift() ?? "");
  }
  const bad = args.find((arg) => !/^[-+]?(\d+\.?\d*|\.\d+)$/.test(arg));
  if (bad !== undefined) return complain(call, `invalid floating point argument: '${bad}'`);
  if (args.length === 0) return complain(call, "missing operand");
  const series = seriesOf(args, isPadded);
  if (series.by === 0) return complain(call, `invalid Zero increment value: '${args[1] ?? ""}'`);
  for (let at = 0; at < series.count; at += BATCH) {
    await shell.process.pace(shell.signal);
    const end = Math.min(series.count, at + BATCH);
    const batch = Array.from({ length: end - at }, (_, index) =>
      format === null
        ? shown(series, at + index)
        : formatted(format, series.from + (at + index) * series.by),
    );
    await shell.print(batch.join(separator) + (end === series.count ? "\n" : separator));
  }
  return 0;
};

/** `last`, `first last` or `first step last`. */
function seriesOf(args: readonly string[], isPadded: boolean): Series {
  const last = args.at(-1) ?? "1";
  const first = args.length > 1 ? (args[0] ?? "1") : "1";
  const step = args.length > 2 ? (args[1] ?? "1") : "1";
  const digits = Math.max(...[first, step].map((text) => text.split(".")[1]?.length ?? 0));
  const [from, by, to] = [Number(first), Number(step), Number(last)];
  const count = Math.floor((to - from) / by + TOLERANCE) + 1;
  const width = isPadded ? Math.max(from.toFixed(digits).length, to.toFixed(digits).length) : 0;
  return { from, by, count, digits, width };
}

function shown({ from, by, digits, width }: Series, index: number): string {
  const text = (from + index * by).toFixed(digits);
  if (!text.startsWith("-")) return text.padStart(width, "0");
  return `-${text.slice(1).padStart(width - 1, "0")}`;
}

/** `-f`: one directive of printf's for numbers. */
function formatted(format: string, value: number): string {
  return format.replace(
    /%([-0+ ]*)(\d*)(?:\.(\d+))?([gfe])|%%/,
    (_, flags: string, width: string, digits: string | undefined, letter: string | undefined) => {
      if (letter === undefined) return "%";
      const text =
        letter === "f"
          ? value.toFixed(Number(digits ?? 6))
          : letter === "e"
            ? value.toExponential(Number(digits ?? 6))
            : String(Number(value.toPrecision(Number(digits ?? 6))));
      if (flags.includes("-")) return text.padEnd(Number(width));
      return text.padStart(Number(width), flags.includes("0") ? "0" : " ");
    },
  );
}
