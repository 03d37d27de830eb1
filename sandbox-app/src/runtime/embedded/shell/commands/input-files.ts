import type { Handle } from "../redirect/descriptors.ts";
import { errnoWords } from "../redirect/error-words.ts";
import { open } from "../redirect/redirect.ts";
import { ShellError } from "../run/outcome.ts";
import { resolvePath } from "../../kernel/path.ts";
import { type CommandCall, complain } from "./command.ts";

/** Opens the operand of a filter: `-` and no operand mean standard input. Null after an error. */
export async function openInput(call: CommandCall, file: string): Promise<Handle | null> {
  const { shell } = call;
  if (file === "-") {
    const handle = shell.descriptors.get(0);
    if (handle === undefined) await complain(call, "-: Bad file descriptor");
    return handle?.hold() ?? null;
  }
  try {
    const path = resolvePath(shell.cwd, file);
    if (
      !file.startsWith("/dev/") &&
      shell.process.system.callSync("stat", path).type === "directory"
    ) {
      await complain(call, `${file}: Is a directory`);
      return null;
    }
    return open(shell, file, "<").hold();
  } catch (error) {
    await complain(
      call,
      error instanceof ShellError ? error.message : `${file}: ${errnoWords(error)}`,
    );
    return null;
  }
}
