import { DiscoError } from "#protocol/errors.ts";
import type { OperationInput, OperationOutput } from "#protocol/registry.ts";
import { applyEdits } from "../../edits/apply-edits.ts";
import { diagnose } from "../../edits/diagnostics.ts";
import { unifiedDiff } from "../../edits/unified-diff.ts";
import type { Files } from "../../runtime/runtime.ts";
import { decodeText, sha256 } from "../bytes.ts";
import type { TabContext, TabHandlers } from "../context.ts";
import { editRefused } from "../edit-refused.ts";
import { fileLocks, refuseAbove, requireHash } from "../file-access.ts";
import { withFileErrors } from "../file-errors.ts";
import { invalidArgument } from "../invalid-argument.ts";
import { locateExisting } from "../paths.ts";
import { patchFiles } from "../patch-files.ts";

export const editHandlers: Pick<TabHandlers, "edit_file" | "apply_patch"> = {
  edit_file: (input, context) => withFileErrors(() => edit(input, context)),
  apply_patch: (input, context) => withFileErrors(() => patchFiles(input, context)),
};

async function edit(
  input: OperationInput<"edit_file">,
  { runtime, signal }: TabContext,
): Promise<OperationOutput<"edit_file">> {
  for (const [index, { new_text: text }] of input.edits.entries()) {
    if (text.isWellFormed()) continue;
    const wants = "has half of a surrogate pair, which UTF-8 cannot hold";
    throw invalidArgument(`edits.${index}.new_text`, wants);
  }
  const { real, relative } = await locateExisting(runtime, input.path);
  return fileLocks.run(real, async () => {
    const before = await readText(runtime.files, real, relative, input.expected_hash);
    const edited = applyEdits(before, input.edits);
    if (!edited.ok) throw editRefused(relative, input.edits, edited);
    const bytes = new TextEncoder().encode(edited.text);
    refuseAbove(bytes.length, `${relative} would become larger.`);
    const output = {
      path: relative,
      replacements: edited.replacements,
      fit: edited.fit,
      diff: unifiedDiff(relative, before, edited.text),
      diagnostics: await diagnose(relative, edited.text),
      hash: await sha256(bytes),
    };
    // From here on the call has an effect, and is not stopped in its middle.
    signal.throwIfAborted();
    if (!input.dry_run) await runtime.files.write(real, bytes);
    return output;
  });
}

async function readText(
  files: Files,
  real: string,
  relative: string,
  expected: string | undefined,
): Promise<string> {
  const { type, size } = await files.stat(real);
  if (type === "directory") throw new DiscoError("is_directory", `${relative} is a directory.`);
  refuseAbove(size, `${relative} is larger; change it with a program.`);
  const bytes = await files.read(real);
  await requireHash(bytes, relative, expected);
  const text = decodeText(bytes);
  if (text !== undefined) return text;
  throw new DiscoError("not_text", `${relative} is not text in UTF-8.`);
}
