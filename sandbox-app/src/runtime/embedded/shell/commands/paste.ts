import type { Handle } from "../redirect/descriptors.ts";
import { type Command, complain } from "./command.ts";
import { gnuOptions } from "./gnu-options.ts";
import { openInput } from "./input-files.ts";
import { encodeText } from "./text/encoding.ts";
import { allLines } from "./text/lines.ts";

/** `paste` (coreutils): lines side by side, or one file's lines in one. */
export const paste: Command = async (call) => {
  const { shell } = call;
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "d:sz",
    long: { delimiters: "d", serial: "s", "zero-terminated": "z" },
  });
  if (unknown !== null) return complain(call, unknown);
  const delimiters = delimitersOf(given.get("d") ?? "\t");
  const end = given.has("z") ? "\0" : "\n";
  const files = operands.length === 0 ? ["-"] : operands;
  // Several `-` take turns at the lines of one input.
  const shared = files.filter((file) => file === "-").length;
  const columns: (readonly string[])[] = [];
  let input: string[] | null = null;
  let turn = 0;
  for (const file of files) {
    const isShared = file === "-" && shared > 1;
    if (!isShared || input === null) {
      const handle: Handle | null = await openInput(call, file);
      if (handle === null) return 1;
      const read = allLines(shell, handle, end.charCodeAt(0));
      const { lines } = await read.finally(() => handle.release());
      if (!isShared) columns.push(lines);
      else input = lines;
    }
    if (isShared) {
      const mine = turn++;
      columns.push((input ?? []).filter((_, at) => at % shared === mine));
    }
  }
  const rows = given.has("s") ? columns : sideBySide(columns);
  const text = rows.map((row) => joined(row, delimiters) + end).join("");
  await shell.write(1, encodeText(text));
  return 0;
};

function sideBySide(columns: readonly (readonly string[])[]): string[][] {
  const count = Math.max(0, ...columns.map(({ length }) => length));
  return Array.from({ length: count }, (_, row) => columns.map((column) => column[row] ?? ""));
}

function joined(row: readonly string[], delimiters: readonly string[]): string {
  return row
    .map((text, at) => (at === 0 ? text : (delimiters[(at - 1) % delimiters.length] ?? "") + text))
    .join("");
}

const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", "0": "", "\\": "\\" };

function delimitersOf(text: string): string[] {
  const found = Array.from(text.matchAll(/\\(.)|([^])/gu), ([, escape, plain]) =>
    escape === undefined ? (plain ?? "") : (escapes[escape] ?? escape),
  );
  return found.length === 0 ? [""] : found;
}
