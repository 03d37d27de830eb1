import { nodeError } from "../errors/node-error.ts";

/* Punycode (RFC 3492) with the parameters of section 5, and what IDNA makes of domain names with it. */

const BASE = 36;
const T_MIN = 1;
const T_MAX = 26;
const SKEW = 38;
const DAMP = 700;
const INITIAL_BIAS = 72;
const INITIAL_N = 128;

function adapt(delta: number, points: number, first: boolean): number {
  let rest = first ? Math.floor(delta / DAMP) : delta >> 1;
  rest += Math.floor(rest / points);
  let k = 0;
  for (; rest > ((BASE - T_MIN) * T_MAX) >> 1; k += BASE) rest = Math.floor(rest / (BASE - T_MIN));
  return Math.floor(k + ((BASE - T_MIN + 1) * rest) / (rest + SKEW));
}

function threshold(k: number, bias: number): number {
  return Math.min(T_MAX, Math.max(T_MIN, k - bias));
}

function digit(value: number): string {
  return String.fromCharCode(value + (value < 26 ? 97 : 22));
}

function valueOf(character: string | undefined): number {
  const code = character?.toLowerCase().charCodeAt(0) ?? 0;
  if (code >= 97 && code <= 122) return code - 97;
  if (code >= 48 && code <= 57) return code - 22;
  throw nodeError("ERR_INVALID_ARG_VALUE", "Invalid input", RangeError);
}

export function encode(text: string): string {
  const points = ucs2decode(text);
  const basic = points.filter((point) => point < 0x80);
  let output = String.fromCodePoint(...basic);
  if (basic.length > 0) output += "-";
  let n = INITIAL_N;
  let delta = 0;
  let bias = INITIAL_BIAS;
  let handled = basic.length;
  while (handled < points.length) {
    const next = Math.min(...points.filter((point) => point >= n));
    delta += (next - n) * (handled + 1);
    n = next;
    for (const point of points) {
      if (point < n) delta++;
      if (point !== n) continue;
      let q = delta;
      for (let k = BASE; ; k += BASE) {
        const t = threshold(k, bias);
        if (q < t) break;
        output += digit(t + ((q - t) % (BASE - t)));
        q = Math.floor((q - t) / (BASE - t));
      }
      output += digit(q);
      bias = adapt(delta, handled + 1, handled === basic.length);
      delta = 0;
      handled++;
    }
    delta++;
    n++;
  }
  return output;
}

export function decode(input: string): string {
  const cut = Math.max(0, input.lastIndexOf("-"));
  const output = Array.from(input.slice(0, cut), (character) => character.codePointAt(0) ?? 0);
  let n = INITIAL_N;
  let bias = INITIAL_BIAS;
  let i = 0;
  let index = cut > 0 ? cut + 1 : 0;
  while (index < input.length) {
    const before = i;
    let weight = 1;
    for (let k = BASE; ; k += BASE) {
      const value = valueOf(input[index++]);
      i += value * weight;
      const t = threshold(k, bias);
      if (value < t) break;
      weight *= BASE - t;
    }
    const length = output.length + 1;
    bias = adapt(i - before, length, before === 0);
    n += Math.floor(i / length);
    i %= length;
    output.splice(i++, 0, n);
  }
  return String.fromCodePoint(...output);
}

function ucs2decode(text: string): number[] {
  return Array.from(text, (character) => character.codePointAt(0) ?? 0);
}

function mapDomain(domain: string, change: (label: string) => string): string {
  const at = domain.lastIndexOf("@") + 1;
  const labels = domain
    .slice(at)
    .replaceAll(/[\u3002\uFF0E\uFF61]/g, ".")
    .split(".");
  return domain.slice(0, at) + labels.map((label) => change(label)).join(".");
}

const nonAscii = /[^\0-\u007F]/;

export const punycode = {
  version: "2.1.0",
  ucs2: { decode: ucs2decode, encode: (points: number[]) => String.fromCodePoint(...points) },
  encode,
  decode,
  toASCII: (domain: string) =>
    mapDomain(domain, (label) => (nonAscii.test(label) ? `xn--${encode(label)}` : label)),
  toUnicode: (domain: string) =>
    mapDomain(domain, (label) =>
      label.startsWith("xn--") ? decode(label.slice(4).toLowerCase()) : label,
    ),
};
