import { type Command, complain } from "../command.ts";
import { gnuOptions } from "../gnu-options.ts";
import { openInput } from "../input-files.ts";

const TROUBLE = 2;

export const cmp: Command = async (call) => {
  const { shell } = call;
  const { given, operands, unknown } = gnuOptions(call.args, {
    letters: "bln:s",
    long: { silent: "s", quiet: "s", verbose: "l", bytes: "n", "print-bytes": "b" },
  });
  if (unknown !== null) return complain(call, unknown, TROUBLE);
  const [first, second = "-"] = operands;
  if (first === undefined) return complain(call, "missing operand after 'cmp'", TROUBLE);
  const contents: Uint8Array[] = [];
  for (const file of [first, second]) {
    const handle = await openInput(call, file);
    if (handle === null) return TROUBLE;
    const bytes = await handle.readAll().finally(() => handle.release());
    contents.push(bytes.subarray(0, Number(given.get("n") ?? bytes.byteLength)));
  }
  const [a = new Uint8Array(), b = new Uint8Array()] = contents;
  const shared = Math.min(a.byteLength, b.byteLength);
  let line = 1;
  let status = 0;
  for (let at = 0; at < shared; at++) {
    if (a[at] !== b[at]) {
      status = 1;
      if (given.has("s")) return 1;
      if (!given.has("l")) {
        await shell.print(`${first} ${second} differ: byte ${at + 1}, line ${line}\n`);
        return 1;
      }
      const octal = (byte = 0): string => byte.toString(8).padStart(3);
      await shell.print(`${at + 1} ${octal(a[at])} ${octal(b[at])}\n`);
    }
    if (a[at] === 10) line++;
  }
  if (a.byteLength === b.byteLength) return status;
  const shorter = a.byteLength < b.byteLength ? first : second;
  const where =
    shared === 0
      ? "which is empty"
      : `after byte ${shared}, in line ${line - (a[shared - 1] === 10 ? 1 : 0)}`;
  if (!given.has("s")) await shell.complain(`cmp: EOF on ${shorter} ${where}\n`);
  return 1;
};
