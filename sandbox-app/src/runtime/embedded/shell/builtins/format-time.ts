const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months =
  "January February March April May June July August September October November December".split(
    " ",
  );

const MS_PER_DAY = 86_400_000;

/** `strftime` in the C locale and the worker's time zone (POSIX.1-2017, strftime). */
export function formatTime(format: string, date: Date): string {
  return (format === "" ? "%X" : format).replaceAll(
    /%([-_0]?)([a-zA-Z%])/g,
    (whole, flag: string, letter: string) => {
      const text = field(letter, date);
      if (text === null) return whole;
      if (flag === "-") return text.replace(/^[0 ]+(?=.)/, "");
      return flag === "_" ? text.replace(/^0+(?=.)/, (zeros) => " ".repeat(zeros.length)) : text;
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

function field(letter: string, date: Date): string | null {
  const known = composed[letter];
  if (known !== undefined) return formatTime(known, date);
  const two = (value: number, fill = "0"): string => String(value).padStart(2, fill);
  const year = date.getFullYear();
  const hour12 = date.getHours() % 12 === 0 ? 12 : date.getHours() % 12;
  const dayOfYear =
    Math.floor(
      (Date.UTC(year, date.getMonth(), date.getDate()) - Date.UTC(year, 0, 1)) / MS_PER_DAY,
    ) + 1;
  const fields: Readonly<Record<string, string>> = {
    "%": "%",
    a: (days[date.getDay()] ?? "").slice(0, 3),
    A: days[date.getDay()] ?? "",
    b: (months[date.getMonth()] ?? "").slice(0, 3),
    h: (months[date.getMonth()] ?? "").slice(0, 3),
    B: months[date.getMonth()] ?? "",
    C: two(Math.floor(year / 100)),
    d: two(date.getDate()),
    e: two(date.getDate(), " "),
    H: two(date.getHours()),
    I: two(hour12),
    j: String(dayOfYear).padStart(3, "0"),
    k: two(date.getHours(), " "),
    l: two(hour12, " "),
    m: two(date.getMonth() + 1),
    M: two(date.getMinutes()),
    n: "\n",
    N: String(date.getMilliseconds()).padStart(3, "0").padEnd(9, "0"),
    p: date.getHours() < 12 ? "AM" : "PM",
    P: date.getHours() < 12 ? "am" : "pm",
    s: String(Math.floor(date.getTime() / 1000)),
    S: two(date.getSeconds()),
    t: "\t",
    u: String(date.getDay() === 0 ? 7 : date.getDay()),
    w: String(date.getDay()),
    y: two(year % 100),
    Y: String(year),
    z: zone(date),
    Z: date.getTimezoneOffset() === 0 ? "UTC" : zone(date),
  };
  return fields[letter] ?? null;
}

function zone(date: Date): string {
  const minutes = -date.getTimezoneOffset();
  const size = Math.abs(minutes);
  const text = String(Math.floor(size / 60) * 100 + (size % 60)).padStart(4, "0");
  return `${minutes < 0 ? "-" : "+"}${text}`;
}
