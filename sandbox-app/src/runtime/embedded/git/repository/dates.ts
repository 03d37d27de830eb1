import { fatal } from "../cli/failure.ts";

/** A moment as a commit keeps it: seconds since the epoch, and the zone as `+0200`. */
export interface Moment {
  readonly seconds: number;
  readonly zone: string;
}

/** Minutes east of Greenwich, of the zone that the environment names or else of this machine. */
function offsetAt(date: Date, timeZone: string | undefined): number {
  if (timeZone === undefined || timeZone === "") return -date.getTimezoneOffset();
  try {
    const parts = new Intl.DateTimeFormat("en-US", { timeZone, timeZoneName: "longOffset" });
    const said = parts.formatToParts(date).find(({ type }) => type === "timeZoneName")?.value;
    const [, sign, hours = "0", minutes = "0"] = /([+-])(\d+):(\d+)/.exec(said ?? "") ?? [];
    return (sign === "-" ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
  } catch {
    return 0;
  }
}

function zoneText(offset: number): string {
  const minutes = Math.abs(offset);
  const number = Math.floor(minutes / 60) * 100 + (minutes % 60);
  return `${offset < 0 ? "-" : "+"}${String(number).padStart(4, "0")}`;
}

export function zoneMinutes(zone: string): number {
  const number = Math.abs(Number(zone));
  const minutes = Math.floor(number / 100) * 60 + (number % 100);
  return zone.startsWith("-") ? -minutes : minutes;
}

export function now(timeZone: string | undefined): Moment {
  const date = new Date();
  return {
    seconds: Math.floor(date.getTime() / 1000),
    zone: zoneText(offsetAt(date, timeZone)),
  };
}

/**
 * Reads what `GIT_AUTHOR_DATE` and `--date` may be (git-commit(1), "Date formats"): git's own format,
 * ISO 8601 and RFC 2822.
 */
export function parseDate(said: string, timeZone: string | undefined): Moment {
  const raw = /^@?(\d{5,})(?: ([+-]\d{4}))?$/.exec(said.trim());
  if (raw !== null) {
    const seconds = Number(raw[1]);
    const zone = raw[2] ?? zoneText(offsetAt(new Date(seconds * 1000), timeZone));
    return { seconds, zone };
  }
  if (said.trim() === "now") return now(timeZone);
  const text = said.trim().replace(/^(\d{4})[./](\d\d?)[./](\d\d?)/, "$1-$2-$3");
  const [, zoneSaid] = /\s*(Z|[+-]\d\d:?\d\d)$/.exec(text.replace(/^\d{4}-\d\d-\d\d$/, "")) ?? [];
  const local = Date.parse(`${text.replace(/\s*(Z|[+-]\d\d:?\d\d)$/, "").replace(" ", "T")}Z`);
  const wall = Number.isNaN(local) ? Date.parse(`${withoutZone(text)} UTC`) : local;
  if (Number.isNaN(wall)) throw fatal(`invalid date format: ${said}`);
  const zone =
    zoneSaid === undefined
      ? zoneText(offsetAt(new Date(wall), timeZone))
      : zoneSaid === "Z"
        ? "+0000"
        : zoneSaid.replace(":", "");
  return { seconds: Math.floor(wall / 1000) - zoneMinutes(zone) * 60, zone };
}

function withoutZone(text: string): string {
  return text.replace(/\s*(?:Z|GMT|UTC|[+-]\d\d:?\d\d)$/, "");
}

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");
const UNITS: readonly (readonly [string, number, number])[] = [
  ["second", 1, 90],
  ["minute", 60, 90 * 60],
  ["hour", 3600, 36 * 3600],
  ["day", 86_400, 14 * 86_400],
  ["week", 604_800, 70 * 86_400],
  ["month", 2_629_800, 365 * 86_400],
];

export type DateStyle =
  | "default"
  | "iso"
  | "iso-strict"
  | "short"
  | "rfc"
  | "raw"
  | "unix"
  | "relative";

/** A date as `git log --date=<style>` shows it. */
export function formatDate({ seconds, zone }: Moment, style: DateStyle): string {
  const wall = new Date((seconds + zoneMinutes(zone) * 60) * 1000);
  const iso = wall.toISOString();
  const [day, time] = [iso.slice(0, 10), iso.slice(11, 19)];
  const [weekday, month] = [days[wall.getUTCDay()], months[wall.getUTCMonth()]];
  const year = wall.getUTCFullYear();
  switch (style) {
    case "default":
      return `${weekday} ${month} ${wall.getUTCDate()} ${time} ${year} ${zone}`;
    case "iso":
      return `${day} ${time} ${zone}`;
    case "iso-strict":
      return `${day}T${time}${Number(zone) === 0 ? "+00:00" : `${zone.slice(0, 3)}:${zone.slice(3)}`}`;
    case "short":
      return day;
    case "rfc":
      return `${weekday}, ${wall.getUTCDate()} ${month} ${year} ${time} ${zone}`;
    case "raw":
      return `${seconds} ${zone}`;
    case "unix":
      return String(seconds);
    case "relative":
      return relative(Math.floor(Date.now() / 1000) - seconds);
  }
}

function relative(age: number): string {
  if (age < 0) return "in the future";
  for (const [unit, size, limit] of UNITS) {
    if (age >= limit) continue;
    const count = Math.round(age / size);
    return `${count} ${unit}${count === 1 ? "" : "s"} ago`;
  }
  const years = Math.round(age / 31_557_600);
  return `${years} year${years === 1 ? "" : "s"} ago`;
}
