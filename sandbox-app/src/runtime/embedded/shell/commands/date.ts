import { formatTime } from "../builtins/format-time.ts";
import { type Command, type CommandCall, complain } from "./command.ts";
import { type GnuOptions, gnuOptions } from "./gnu-options.ts";
import { parseDate } from "./text/dates.ts";
import { named, statusOf } from "./text/walk.ts";

const isoFormats: Readonly<Record<string, string>> = {
  "": "%Y-%m-%d",
  date: "%Y-%m-%d",
  hours: "%Y-%m-%dT%H%:z",
  minutes: "%Y-%m-%dT%H:%M%:z",
  seconds: "%Y-%m-%dT%H:%M:%S%:z",
  ns: "%Y-%m-%dT%H:%M:%S,%N%:z",
};

/** `date` (coreutils): shows a time; the clock is the browser's, and cannot be set. */
export const date: Command = async (call) => {
  const options = gnuOptions(call.args, {
    letters: "ud:f:r:RI::s:",
    long: {
      utc: "u",
      universal: "u",
      date: "d",
      reference: "r",
      "rfc-email": "R",
      "iso-8601": "iso::",
      "rfc-3339": "rfc-3339:",
      set: "s",
    },
  });
  const { given, operands, unknown } = options;
  if (unknown !== null) return complain(call, unknown);
  const [format] = operands;
  if (given.has("s") || (format !== undefined && !format.startsWith("+"))) {
    return complain(
      call,
      format === undefined || given.has("s")
        ? "cannot set date: Operation not permitted"
        : `invalid date ‘${format}’`,
    );
  }
  const { shell } = call;
  const isUtc = given.has("u") || /^(?:UTC0?|GMT0?|)$/.test(shell.variables.get("TZ") ?? "local");
  const time = timeOf(call, options, isUtc);
  if (typeof time === "string") return complain(call, time);
  await shell.print(`${formatTime(formatOf(options), time, isUtc)}\n`);
  return 0;
};

function timeOf({ shell }: CommandCall, { given }: GnuOptions, isUtc: boolean): Date | string {
  const text = given.get("d");
  if (text !== undefined) {
    return parseDate(text, new Date(), isUtc) ?? `invalid date ‘${text}’`;
  }
  const file = given.get("r");
  if (file === undefined) return new Date();
  const status = statusOf(shell, named(shell, file).path);
  return status === null ? `${file}: No such file or directory` : new Date(status.mtimeMs);
}

function formatOf({ given, operands }: GnuOptions): string {
  if (operands[0] !== undefined) return operands[0].slice(1);
  if (given.has("R")) return "%a, %d %b %Y %H:%M:%S %z";
  const iso = given.get("iso") ?? given.get("I");
  if (iso !== undefined) return isoFormats[iso] ?? "%Y-%m-%d";
  const rfc = given.get("rfc-3339");
  if (rfc !== undefined) return rfc === "date" ? "%Y-%m-%d" : "%Y-%m-%d %H:%M:%S%:z";
  return "%a %b %e %H:%M:%S %Z %Y";
}
