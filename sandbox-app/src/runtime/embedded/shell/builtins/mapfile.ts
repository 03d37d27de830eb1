import type { Handle } from "../redirect/descriptors.ts";
import { MISUSE } from "../run/outcome.ts";
import {
  BadOption,
  type Builtin,
  fail,
  identifier,
  type ParsedOptions,
  parseOptions,
  refuse,
} from "./builtin.ts";

const USAGE = "mapfile [-d delim] [-n count] [-O origin] [-s count] [-t] [-u fd] [array]";

/** `mapfile`, also called `readarray`: the lines of a file into an array. */
export const mapfile: Builtin = async (call) => {
  const parsed = parseOptions(call.args, "d:n:O:s:tu:");
  if (parsed instanceof BadOption) return refuse(call, parsed, USAGE);
  const { shell } = call;
  const { values, operands } = parsed;
  const name = operands[0] ?? "MAPFILE";
  if (!identifier.test(name)) return fail(call, `\`${name}': not a valid identifier`, MISUSE);
  const fd = values.get("u") ?? "0";
  const handle = shell.descriptors.get(Number(fd));
  if (handle === undefined) {
    return fail(call, `${fd}: invalid file descriptor: Bad file descriptor`);
  }
  const origin = values.get("O");
  const variable = shell.variables.toChange(name);
  if (origin === undefined) variable.content = { kind: "indexed", items: new Map() };
  variable.isAssigned = true;
  const items = variable.asIndexed();
  let at = Number(origin ?? "0");
  for (const line of await linesOf(handle, parsed)) items.set(at++, line);
  return 0;
};

async function linesOf(handle: Handle, { letters, values }: ParsedOptions): Promise<string[]> {
  const delimiter = (values.get("d") ?? "\n").charCodeAt(0) || 0;
  const skipped = Number(values.get("s") ?? "0");
  const most = (Number(values.get("n") ?? "0") || Number.POSITIVE_INFINITY) + skipped;
  const lines: string[] = [];
  while (lines.length < most) {
    const line = await handle.readUntil(delimiter);
    if (line.byteLength === 0) break;
    const isCut = letters.has("t") && line.at(-1) === delimiter;
    lines.push(new TextDecoder().decode(line.slice(0, isCut ? -1 : undefined)));
  }
  return lines.slice(skipped);
}
