import { type Command, type CommandCall, complain } from "../command.ts";
import { gnuOptions } from "../gnu-options.ts";
import { openInput } from "../input-files.ts";
import { joinBytes } from "../../redirect/open-file.ts";

const WIDTH = 16;

interface Part {
  readonly from: number;
  readonly length: number;
}

/** A number as these tools take it: decimal, `0x…`, octal with a leading 0. */
function numberOf(text: string | undefined, standard: number): number {
  if (text === undefined) return standard;
  const value = /^0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
  return Number.isFinite(value) ? value : standard;
}

async function inputOf(
  call: CommandCall,
  files: readonly string[],
  { from, length }: Part,
): Promise<Uint8Array | null> {
  const parts: Uint8Array[] = [];
  for (const file of files.length === 0 ? ["-"] : files) {
    const handle = await openInput(call, file);
    if (handle === null) return null;
    parts.push(await call.shell.untilAborted(handle.readAll()).finally(() => handle.release()));
  }
  return joinBytes(parts).subarray(from, from + length);
}

const hex = (value: number, width: number): string => value.toString(16).padStart(width, "0");
const visible = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => (byte > 31 && byte < 127 ? String.fromCharCode(byte) : ".")).join("");

/** One row after another; rows like the one before become one `*`. */
function rows(
  bytes: Uint8Array,
  width: number,
  keepsAll: boolean,
  row: (chunk: Uint8Array, at: number) => string,
): string {
  let text = "";
  let before: string | null = null;
  let isSkipping = false;
  for (let at = 0; at < bytes.byteLength; at += width) {
    const chunk = bytes.subarray(at, at + width);
    const key = chunk.join();
    if (!keepsAll && key === before && chunk.byteLength === width) {
      if (!isSkipping) text += "*\n";
      isSkipping = true;
      continue;
    }
    isSkipping = false;
    before = key;
    text += row(chunk, at);
  }
  return text;
}

export const xxd: Command = async (call) => {
  const { shell } = call;
  const args = call.args.map((arg) =>
    arg.replace(/^-(?:ps|plain|postscript)$/, "-p").replace(/^-revert$/, "-r"),
  );
  const { given, operands, unknown } = gnuOptions(args, { letters: "rpuibl:s:c:g:" });
  if (unknown !== null) return complain(call, unknown);
  const part = { from: numberOf(given.get("s"), 0), length: numberOf(given.get("l"), Infinity) };
  const bytes = await inputOf(
    call,
    operands.slice(0, 1),
    given.has("r") ? { from: 0, length: Infinity } : part,
  );
  if (bytes === null) return 2;
  if (given.has("r")) {
    await shell.write(1, undumped(new TextDecoder().decode(bytes.slice()), given.has("p")));
    return 0;
  }
  const upper = (text: string): string => (given.has("u") ? text.toUpperCase() : text);
  if (given.has("p")) {
    const columns = numberOf(given.get("c"), 30);
    const text = Array.from(bytes, (byte) => hex(byte, 2)).join("");
    await shell.print(upper(text).replaceAll(new RegExp(`.{1,${columns * 2}}`, "g"), "$&\n"));
    return 0;
  }
  if (given.has("i")) {
    await shell.print(asInclude(operands[0], bytes));
    return 0;
  }
  const isBinary = given.has("b");
  const width = numberOf(given.get("c"), isBinary ? 6 : WIDTH);
  const group = numberOf(given.get("g"), isBinary ? 1 : 2) || width;
  const digits = isBinary ? 8 : 2;
  const full = width * digits + Math.ceil(width / group) - 1;
  await shell.print(
    rows(bytes, width, true, (chunk, at) => {
      let cells = "";
      for (const [index, byte] of chunk.entries()) {
        if (index > 0 && index % group === 0) cells += " ";
        cells += isBinary ? byte.toString(2).padStart(8, "0") : upper(hex(byte, 2));
      }
      return `${hex(part.from + at, 8)}: ${cells.padEnd(full)}  ${visible(chunk)}\n`;
    }),
  );
  return 0;
};

function undumped(text: string, isPlain: boolean): Uint8Array {
  const lines = isPlain
    ? [text]
    : text.split("\n").map((line) => /^[0-9a-f]+:((?: ?[0-9a-f]{2})*)/i.exec(line)?.[1] ?? "");
  const digits =
    lines
      .join("")
      .replaceAll(/[^0-9a-f]/gi, "")
      .match(/../g) ?? [];
  return Uint8Array.from(digits, (pair) => Number.parseInt(pair, 16));
}

function asInclude(file: string | undefined, bytes: Uint8Array): string {
  const values = Array.from(bytes, (byte) => `0x${hex(byte, 2)}`);
  const lines = values.reduce<string[]>((all, value, at) => {
    if (at % 12 === 0) all.push(`  ${value}`);
    else all[all.length - 1] += `, ${value}`;
    return all;
  }, []);
  const body = lines.join(",\n");
  if (file === undefined) return `${body}\n`;
  const name = file.replaceAll(/\W/g, "_");
  return `unsigned char ${name}[] = {\n${body}\n};\nunsigned int ${name}_len = ${bytes.byteLength};\n`;
}

export const hexdump: Command = async (call) => {
  const { given, operands, unknown } = gnuOptions(call.args, { letters: "Cvn:s:" });
  if (unknown !== null) return complain(call, unknown);
  const part = { from: numberOf(given.get("s"), 0), length: numberOf(given.get("n"), Infinity) };
  const bytes = await inputOf(call, operands, part);
  if (bytes === null) return 1;
  const isCanonical = given.has("C") || call.name === "hd";
  const text = rows(bytes, WIDTH, given.has("v"), (chunk, at) => {
    const place = part.from + at;
    if (!isCanonical) {
      const words = Array.from({ length: WIDTH / 2 }, (_, index) => {
        const low = chunk[index * 2];
        if (low === undefined) return "    ";
        return hex((chunk[index * 2 + 1] ?? 0) * 256 + low, 4);
      });
      return `${hex(place, 7)} ${words.join(" ")}\n`;
    }
    const cells = Array.from({ length: WIDTH }, (_, index) => {
      const byte = chunk[index];
      return `${index === 8 ? " " : ""} ${byte === undefined ? "  " : hex(byte, 2)}`;
    });
    return `${hex(place, 8)} ${cells.join("")}  |${visible(chunk)}|\n`;
  });
  const end =
    bytes.byteLength === 0 ? "" : `${hex(part.from + bytes.byteLength, isCanonical ? 8 : 7)}\n`;
  await call.shell.print(text + end);
  return 0;
};

interface Format {
  readonly bytes: number;
  readonly width: number;
  readonly show: (chunk: Uint8Array) => string;
  readonly showsText: boolean;
}

const named: Readonly<Record<number, string>> = {
  0: "\\0",
  7: "\\a",
  8: "\\b",
  9: "\\t",
  10: "\\n",
  11: "\\v",
  12: "\\f",
  13: "\\r",
};

/** Width of a column by letter and bytes (od(1)). */
const widths: Readonly<Record<string, readonly number[]>> = {
  x: [0, 2, 4, 0, 8, 0, 0, 0, 16],
  o: [0, 3, 6, 0, 11, 0, 0, 0, 22],
  u: [0, 3, 5, 0, 10, 0, 0, 0, 20],
  d: [0, 4, 6, 0, 11, 0, 0, 0, 20],
};

function formatOf(text: string): Format | null {
  const match = /^([acdoux])([1248CSIL]?)(z?)$/.exec(text);
  if (match === null) return null;
  const [, letter = "", size = "", ending] = match;
  const showsText = ending === "z";
  if (letter === "a" || letter === "c") {
    const show = ([byte = 0]: Uint8Array): string =>
      named[byte] ??
      (byte > 31 && byte < 127 ? String.fromCharCode(byte) : byte.toString(8).padStart(3, "0"));
    return { bytes: 1, width: 3, show, showsText };
  }
  const sizes: Readonly<Record<string, number>> = { C: 1, S: 2, I: 4, L: 8, "": 4 };
  const bytes = sizes[size] ?? Number(size);
  const width = widths[letter]?.[bytes] ?? 0;
  const show = (chunk: Uint8Array): string => {
    let value = 0n;
    for (const byte of chunk.toReversed()) value = value * 256n + BigInt(byte);
    if (letter === "d") value = BigInt.asIntN(bytes * 8, value);
    if (letter === "x") return value.toString(16).padStart(width, "0");
    return letter === "o" ? value.toString(8).padStart(width, "0") : value.toString();
  };
  return { bytes, width, show, showsText };
}

const shorts: Readonly<Record<string, string>> = {
  a: "a",
  b: "o1",
  c: "c",
  d: "u2",
  o: "o2",
  x: "x2",
  s: "d2",
  i: "d4",
  l: "d8",
};

export const od: Command = async (call) => {
  const { given, order, operands, unknown } = gnuOptions(call.args, {
    letters: "A:t:N:j:w::vabcdoxsil",
    long: {
      "address-radix": "A",
      format: "t",
      "read-bytes": "N",
      "skip-bytes": "j",
      width: "w",
      "output-duplicates": "v",
    },
  });
  if (unknown !== null) return complain(call, unknown);
  const texts = order.flatMap(([key, value]) => {
    if (key === "t") return value.match(/[acdoux][1248CSIL]?z?/g) ?? [value];
    const short = shorts[key];
    return short === undefined ? [] : [short];
  });
  const formats: Format[] = [];
  for (const text of texts.length === 0 ? ["o2"] : texts) {
    const format = formatOf(text);
    if (format === null) return complain(call, `invalid type string '${text}'`);
    formats.push(format);
  }
  const part = { from: numberOf(given.get("j"), 0), length: numberOf(given.get("N"), Infinity) };
  const bytes = await inputOf(call, operands, part);
  if (bytes === null) return 1;
  const width = numberOf(given.get("w") === "" ? "32" : given.get("w"), WIDTH);
  const radix = given.get("A") ?? "o";
  const place = (at: number): string => {
    if (radix === "n") return "";
    return radix === "x" ? hex(at, 6) : at.toString(radix === "d" ? 10 : 8).padStart(7, "0");
  };
  // All formats share their columns: the widest sets how far apart they stand.
  const perByte = Math.max(...formats.map((format) => (format.width + 1) / format.bytes));
  const text = rows(bytes, width, given.has("v"), (chunk, at) =>
    formats
      .map((format, index) => {
        const head = index === 0 ? place(part.from + at) : place(0).replaceAll(/./g, " ");
        const cell = Math.round(perByte * format.bytes);
        let line = "";
        for (let from = 0; from < chunk.byteLength; from += format.bytes)
          line += format.show(chunk.subarray(from, from + format.bytes)).padStart(cell);
        const full = Math.ceil(width / format.bytes) * cell;
        return `${head}${format.showsText ? `${line.padEnd(full)}  >${visible(chunk)}<` : line}\n`;
      })
      .join(""),
  );
  const end = radix === "n" ? "" : `${place(part.from + bytes.byteLength)}\n`;
  await call.shell.print(text + end);
  return 0;
};
