/*
 * Dates as people write them, as far as GNU's `date -d` reads them (GNU coreutils manual, "Date input
 * formats"): calendar dates, times, zones, weekdays, and amounts like `3 days ago`.
 */

const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const DAYS = "sun mon tue wed thu fri sat".split(" ");

type Unit = "year" | "month" | "day" | "hour" | "minute" | "second";

const units: Readonly<Record<string, readonly [Unit, number]>> = {
  year: ["year", 1],
  month: ["month", 1],
  fortnight: ["day", 14],
  week: ["day", 7],
  day: ["day", 1],
  hour: ["hour", 1],
  minute: ["minute", 1],
  min: ["minute", 1],
  second: ["second", 1],
  sec: ["second", 1],
};

interface Parts {
  date: [number, number, number] | null;
  time: [number, number, number, number] | null;
  /** Minutes east of Greenwich; null: local time. */
  zone: number | null;
  weekday: [number, number] | null;
  readonly shifts: [Unit, number][];
}

/** One form that a date may hold: what it looks like, and what it sets. */
type Form = readonly [RegExp, (match: RegExpExecArray, parts: Parts, now: Date) => boolean];

const number = (text: string | undefined): number => Number(text ?? 0);

const forms: readonly Form[] = [
  [
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:T(?=\d)|\b)/i,
    ([, y, m, d], parts) => {
      parts.date = [number(y), number(m) - 1, number(d)];
      parts.time ??= [0, 0, 0, 0];
      return number(m) <= 12 && number(d) <= 31;
    },
  ],
  [
    /^(\d{1,2})\/(\d{1,2})(?:\/(\d{2,4}))?(?!\d)/,
    ([, m, d, y], parts, now) => {
      const year = y === undefined ? now.getFullYear() : number(y) + (y.length === 2 ? 2000 : 0);
      parts.date = [year, number(m) - 1, number(d)];
      parts.time ??= [0, 0, 0, 0];
      return number(m) <= 12;
    },
  ],
  [
    /^(\d{4})(\d{2})(\d{2})(?!\d)/,
    ([, y, m, d], parts) => {
      parts.date = [number(y), number(m) - 1, number(d)];
      parts.time ??= [0, 0, 0, 0];
      return number(m) <= 12 && number(d) <= 31;
    },
  ],
  [
    /^(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*(am|pm)?/i,
    ([, h, m, s, fraction, half], parts) => {
      const hour = half === undefined ? number(h) : (number(h) % 12) + (/p/i.test(half) ? 12 : 0);
      const ms = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
      parts.time = [hour, number(m), number(s), ms];
      return hour < 24 && number(m) < 60;
    },
  ],
  [
    /^(\d{1,2})\s*(am|pm)\b/i,
    ([, h, half], parts) => {
      parts.time = [(number(h) % 12) + (/p/i.test(half ?? "") ? 12 : 0), 0, 0, 0];
      return true;
    },
  ],
  [
    /^(?:z|utc|gmt)\b/i,
    (_, parts) => {
      parts.zone = 0;
      return true;
    },
  ],
  [
    /^([-+])(\d{2}):?(\d{2})(?!\d)/,
    ([, sign, h, m], parts) => {
      if (parts.time === null) return false;
      parts.zone = (sign === "-" ? -1 : 1) * (number(h) * 60 + number(m));
      return true;
    },
  ],
  [
    /^(\d{1,2})[ -]([a-z]{3})[a-z]*(?:[ -,]+(\d{4}))?(?![:\d])/i,
    ([, d, name, y], parts, now) => namedDate(parts, now, { d, name, y }),
  ],
  [
    /^([a-z]{3})[a-z]*\.? (\d{1,2})(?:,? (\d{4}))?(?![:\d])/i,
    ([, name, d, y], parts, now) => namedDate(parts, now, { d, name, y }),
  ],
  [
    /^(now|today|tomorrow|yesterday|noon|midnight)\b/i,
    ([, word], parts) => {
      const name = (word ?? "").toLowerCase();
      if (name === "tomorrow") parts.shifts.push(["day", 1]);
      if (name === "yesterday") parts.shifts.push(["day", -1]);
      if (name === "noon") parts.time = [12, 0, 0, 0];
      if (name === "midnight") parts.time = [0, 0, 0, 0];
      return true;
    },
  ],
  [
    /^([-+]?\s*\d+|next|last|this|an?)?\s*(year|month|fortnight|week|day|hour|minute|min|second|sec)s?\b(\s+ago\b)?/i,
    ([, amount, name, ago], parts) => {
      const unit = units[(name ?? "").toLowerCase()];
      if (unit === undefined) return false;
      const words: Readonly<Record<string, number>> = { next: 1, last: -1, this: 0, a: 1, an: 1 };
      const text = (amount ?? "1").toLowerCase().replaceAll(/\s/g, "");
      const count = (words[text] ?? Number(text)) * unit[1] * (ago === undefined ? 1 : -1);
      parts.shifts.push([unit[0], count]);
      return true;
    },
  ],
  [
    /^(next|last|this)?\s*(sun|mon|tue|wed|thu|fri|sat)[a-z]*\b,?/i,
    ([, which, name], parts) => {
      const word = (which ?? "").toLowerCase();
      const steps = word === "next" ? 1 : word === "last" ? -1 : 0;
      parts.weekday = [DAYS.indexOf((name ?? "").toLowerCase()), steps];
      parts.time ??= [0, 0, 0, 0];
      return true;
    },
  ],
];

function namedDate(
  parts: Parts,
  now: Date,
  { d, name = "", y }: { d: string | undefined; name: string | undefined; y: string | undefined },
): boolean {
  const month = MONTHS.indexOf(name.toLowerCase());
  if (month === -1) return false;
  parts.date = [y === undefined ? now.getFullYear() : number(y), month, number(d)];
  parts.time ??= [0, 0, 0, 0];
  return true;
}

/**
 * @param isUtc whether a date without a zone is in UTC
 * @returns null when the text is no date
 */
export function parseDate(text: string, now: Date, isUtc = false): Date | null {
  const stamp = /^\s*@(-?\d+)(?:\.(\d+))?\s*$/.exec(text);
  if (stamp !== null) return new Date(Number(`${stamp[1]}.${stamp[2] ?? "0"}`) * 1000);
  const parts: Parts = {
    date: null,
    time: null,
    zone: isUtc ? 0 : null,
    weekday: null,
    shifts: [],
  };
  let rest = text.trim();
  if (rest === "") parts.time = [0, 0, 0, 0];
  while (rest !== "") {
    const taken = takeForm(rest, parts, now);
    if (taken === 0) return null;
    rest = rest.slice(taken).replace(/^[\s,]+/, "");
  }
  return dateOf(parts, now);
}

function takeForm(rest: string, parts: Parts, now: Date): number {
  for (const [pattern, set] of forms) {
    const match = pattern.exec(rest);
    if (match !== null && match[0] !== "" && set(match, parts, now)) return match[0].length;
  }
  return 0;
}

/** Everything is counted in UTC first; the zone comes last. */
function dateOf({ date, time, zone, weekday, shifts }: Parts, now: Date): Date | null {
  const offset = zone ?? -now.getTimezoneOffset();
  const local = new Date(now.getTime() + offset * 60_000);
  const [year, month, day] = date ?? [
    local.getUTCFullYear(),
    local.getUTCMonth(),
    local.getUTCDate(),
  ];
  const [hour, minute, second, ms] = time ?? [
    local.getUTCHours(),
    local.getUTCMinutes(),
    local.getUTCSeconds(),
    local.getUTCMilliseconds(),
  ];
  const found = new Date(Date.UTC(year, month, day, hour, minute, second, ms));
  if (date !== null && found.getUTCMonth() !== month) return null;
  if (weekday !== null) {
    const ahead = (weekday[0] - found.getUTCDay() + 7) % 7;
    const steps = weekday[1] > 0 && ahead > 0 ? 0 : weekday[1];
    found.setUTCDate(found.getUTCDate() + ahead + steps * 7);
  }
  for (const [unit, count] of shifts) shift(found, unit, count);
  const utc = found.getTime() - offset * 60_000;
  if (zone !== null) return new Date(utc);
  // Another season may have another offset.
  return new Date(found.getTime() + new Date(utc).getTimezoneOffset() * 60_000);
}

function shift(date: Date, unit: Unit, count: number): void {
  switch (unit) {
    case "year":
      date.setUTCFullYear(date.getUTCFullYear() + count);
      break;
    case "month":
      date.setUTCMonth(date.getUTCMonth() + count);
      break;
    case "day":
      date.setUTCDate(date.getUTCDate() + count);
      break;
    case "hour":
      date.setUTCHours(date.getUTCHours() + count);
      break;
    case "minute":
      date.setUTCMinutes(date.getUTCMinutes() + count);
      break;
    case "second":
      date.setUTCSeconds(date.getUTCSeconds() + count);
      break;
  }
}
