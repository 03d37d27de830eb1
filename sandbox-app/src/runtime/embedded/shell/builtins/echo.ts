import { decodeEscapes, STOP, toOutput } from "../expand/escapes.ts";
import { errnoWords } from "../redirect/error-words.ts";
import { FileError } from "../../../runtime.ts";
import { ShellError } from "../run/outcome.ts";
import { type Builtin, type BuiltinCall, fail } from "./builtin.ts";

export const echo: Builtin = async (call) => {
  const { shell, args } = call;
  let at = 0;
  let hasLineFeed = true;
  let decodes = shell.options.shopt.has("xpg_echo");
  for (; /^-[neE]+$/.test(args[at] ?? ""); at++) {
    for (const letter of (args[at] ?? "").slice(1)) {
      if (letter === "n") hasLineFeed = false;
      else decodes = letter === "e";
    }
  }
  const plain = args.slice(at).join(" ");
  const text = decodes ? decodeEscapes(plain, "echo") : plain;
  const stop = decodes ? text.indexOf(STOP) : -1;
  const line = stop === -1 ? text + (hasLineFeed ? "\n" : "") : text.slice(0, stop);
  return writeOut(call, toOutput(line));
};

/** Writes to standard output; says so when that fails. */
export async function writeOut(call: BuiltinCall, bytes: Uint8Array): Promise<number> {
  try {
    await call.shell.write(1, bytes);
    return 0;
  } catch (error) {
    if (error instanceof ShellError) return fail(call, error.message);
    if (error instanceof FileError) return fail(call, `write error: ${errnoWords(error)}`);
    throw error;
  }
}
