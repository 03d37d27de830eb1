import { quotedIfNeeded } from "../expand/quote.ts";
import type { Shell } from "../state/shell.ts";
import type { ExpandedAssignment } from "./assign.ts";

/** What `set -x` prints before a command: PS4, its first character once for each level. */
export async function traceCommand(shell: Shell, words: readonly string[]): Promise<void> {
  if (!shell.isOn("xtrace")) return;
  const text = await shell.process.promptText(shell, shell.variables.get("PS4") ?? "+ ");
  const [first = "", ...rest] = Array.from(text);
  await shell.complain(`${first.repeat(shell.traceDepth)}${rest.join("")}${words.join(" ")}\n`);
}

export function tracedWords(argv: readonly string[]): string[] {
  return argv.map(quotedIfNeeded);
}

export function tracedAssignment({ name, index, append, value }: ExpandedAssignment): string {
  const shown =
    typeof value === "string"
      ? value === ""
        ? ""
        : quotedIfNeeded(value)
      : `(${value.map((element) => (element.key === null ? "" : `[${element.key}]=`) + quotedIfNeeded(element.value)).join(" ")})`;
  return `${name}${index === null ? "" : `[${index}]`}${append ? "+" : ""}=${shown}`;
}
