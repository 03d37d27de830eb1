import { open } from "../redirect/redirect.ts";
import { ShellError } from "../run/outcome.ts";
import { type Command, complain } from "./command.ts";
import { gnuOptions } from "./gnu-options.ts";
import { openInput } from "./input-files.ts";
import { encodeText } from "./text/encoding.ts";
import { allLines } from "./text/lines.ts";

/** Width of the counts, as GNU's uniq sets it. */
const COUNT_WIDTH = 7;

type Given = ReadonlyMap<string, string>;

export const uniq: Command = async (call) => {
  const { shell } = call;
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "cdDuif:s:w:z",
    long: {
      count: "c",
      repeated: "d",
      "all-repeated": "D",
      unique: "u",
      "ignore-case": "i",
      "skip-fields": "f",
      "skip-chars": "s",
      "check-chars": "w",
      "zero-terminated": "z",
    },
  });
  if (unknown !== null) return complain(call, unknown);
  if (operands.length > 2) return complain(call, `extra operand '${operands[2] ?? ""}'`);
  const handle = await openInput(call, operands[0] ?? "-");
  if (handle === null) return 1;
  const end = given.has("z") ? "\0" : "\n";
  const { lines } = await allLines(shell, handle, end.charCodeAt(0)).finally(() =>
    handle.release(),
  );
  const text = shown(lines, given)
    .map((line) => line + end)
    .join("");
  if (operands[1] === undefined) {
    await shell.write(1, encodeText(text));
    return 0;
  }
  try {
    const output = open(shell, operands[1], ">|").hold();
    await output.file.write(encodeText(text)).finally(() => output.release());
    return 0;
  } catch (error) {
    if (error instanceof ShellError) return complain(call, error.message);
    throw error;
  }
};

function shown(lines: readonly string[], given: Given): string[] {
  const groups: string[][] = [];
  let last: string | null = null;
  for (const line of lines) {
    const key = keyOf(line, given);
    if (key === last) groups.at(-1)?.push(line);
    else groups.push([line]);
    last = key;
  }
  if (given.has("D")) return groups.filter((group) => group.length > 1).flat();
  return groups
    .filter((group) => !given.has("d") || group.length > 1)
    .filter((group) => !given.has("u") || group.length === 1)
    .map((group) => {
      const count = given.has("c") ? `${String(group.length).padStart(COUNT_WIDTH)} ` : "";
      return count + (group[0] ?? "");
    });
}

/** What of a line is compared. */
function keyOf(line: string, given: Given): string {
  const fields = Number(given.get("f") ?? 0);
  const skipped = line.replace(new RegExp(`^(?:[ \\t]*[^ \\t]+){0,${fields}}`), "");
  const from = Number(given.get("s") ?? 0);
  const length = Number(given.get("w") ?? Infinity);
  const key = skipped.slice(from, from + length);
  return given.has("i") ? key.toLowerCase() : key;
}
