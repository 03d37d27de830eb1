const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months =
  "January February March April May June July August September October November December".split(
    " ",
  );

const MS_PER_DAY = 86_400_000;

/**
 * `strftime` in the C locale (POSIX.1-2017, strftime), with GNU's `%N`, `%:z` and flags.
 *
 * @param isUtc whether the time is told in UTC; else in the worker's time zone
 */
export function formatTime(format: string, date: Date, isUtc = false): string {
  const offset = isUtc ? 0 : -date.getTimezoneOffset();
  const local: LocalTime = { date: new Date(date.getTime() + offset * 60_000), offset, time: date };
  return formatLocal(format === "" ? "%X" : format, local);
}

/** A moment, and its clock as if that were UTC. */
interface LocalTime {
  readonly time: Date;
  readonly date: Date;
  /** Minutes east of Greenwich. */
  readonly offset: number;
}

function formatLocal(format: string, local: LocalTime): string {
  return format.replaceAll(
    /%([-_0^#]?)(\d*)(:?[a-zA-Z%])/g,
    (whole, flag: string, width: string, letter: string) => {
      const text = field(letter, local);
      if (text === null) return whole;
      if (letter === "N" && width !== "") return text.slice(0, Number(width));
      if (flag === "-") return text.replace(/^[0 ]+(?=.)/, "");
      if (flag === "^") return text.toUpperCase();
      if (flag === "_") return text.replace(/^0+(?=.)/, (zeros) => " ".repeat(zeros.length));
      if (flag === "0") return text.replace(/^ +/, (spaces) => "0".repeat(spaces.length));
      return text.padStart(Number(width), "0");
    },
  );
}

const composed: Readonly<Record<string, string>> = {
  c: "%a %b %e %H:%M:%S %Y",
  D: "%m/%d/%y",
  F: "%Y-%m-%d",
  r: "%I:%M:%S %p",
  R: "%H:%M",
  T: "%H:%M:%S",
  x: "%m/%d/%y",
  X: "%H:%M:%S",
};

function field(letter: string, local: LocalTime): string | null {
  const known = composed[letter];
  if (known !== undefined) return formatLocal(known, local);
  const { date, time, offset } = local;
  const two = (value: number, fill = "0"): string => String(value).padStart(2, fill);
  const year = date.getUTCFullYear();
  const hour = date.getUTCHours();
  const hour12 = hour % 12 === 0 ? 12 : hour % 12;
  const [day, month] = [days[date.getUTCDay()] ?? "", months[date.getUTCMonth()] ?? ""];
  const fields: Readonly<Record<string, () => string>> = {
    "%": () => "%",
    a: () => day.slice(0, 3),
    A: () => day,
    b: () => month.slice(0, 3),
    h: () => month.slice(0, 3),
    B: () => month,
    C: () => two(Math.floor(year / 100)),
    d: () => two(date.getUTCDate()),
    e: () => two(date.getUTCDate(), " "),
    g: () => two(isoWeek(date).year % 100),
    G: () => String(isoWeek(date).year),
    H: () => two(hour),
    I: () => two(hour12),
    j: () => String(dayOfYear(date)).padStart(3, "0"),
    k: () => two(hour, " "),
    l: () => two(hour12, " "),
    m: () => two(date.getUTCMonth() + 1),
    M: () => two(date.getUTCMinutes()),
    n: () => "\n",
    N: () => String(date.getUTCMilliseconds()).padStart(3, "0").padEnd(9, "0"),
    p: () => (hour < 12 ? "AM" : "PM"),
    P: () => (hour < 12 ? "am" : "pm"),
    q: () => String(Math.floor(date.getUTCMonth() / 3) + 1),
    s: () => String(Math.floor(time.getTime() / 1000)),
    S: () => two(date.getUTCSeconds()),
    t: () => "\t",
    u: () => String(date.getUTCDay() === 0 ? 7 : date.getUTCDay()),
    U: () => two(Math.floor((dayOfYear(date) + 6 - date.getUTCDay()) / 7)),
    V: () => two(isoWeek(date).week),
    w: () => String(date.getUTCDay()),
    W: () => two(Math.floor((dayOfYear(date) + 6 - ((date.getUTCDay() + 6) % 7)) / 7)),
    y: () => two(year % 100),
    Y: () => String(year),
    z: () => zone(offset, ""),
    ":z": () => zone(offset, ":"),
    Z: () => (offset === 0 ? "UTC" : zone(offset, "")),
  };
  return fields[letter]?.() ?? null;
}

function dayOfYear(date: Date): number {
  const day = Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate());
  return (day - Date.UTC(date.getUTCFullYear(), 0, 1)) / MS_PER_DAY + 1;
}

/** Week of ISO 8601: the one with the year's first Thursday is the first. */
function isoWeek(date: Date): { year: number; week: number } {
  const thursday = new Date(date);
  thursday.setUTCDate(date.getUTCDate() + 3 - ((date.getUTCDay() + 6) % 7));
  return { year: thursday.getUTCFullYear(), week: Math.ceil(dayOfYear(thursday) / 7) };
}

function zone(offset: number, between: string): string {
  const size = Math.abs(offset);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${offset < 0 ? "-" : "+"}${two(Math.floor(size / 60))}${between}${two(size % 60)}`;
}
