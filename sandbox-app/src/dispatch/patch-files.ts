import { DiscoError } from "#protocol/errors.ts";
import { PATCH_FILES_MAX } from "#protocol/limits.ts";
import type { OperationInput, OperationOutput } from "#protocol/registry.ts";
import { parsePatch } from "../edits/patch/parse-patch.ts";
import { type FilePatch, PatchSyntaxError } from "../edits/patch/patch.ts";
import type { Files } from "../runtime/runtime.ts";
import type { TabContext } from "./context.ts";
import { fileLocks, statIfThere } from "./file-access.ts";
import { invalidArgument } from "./invalid-argument.ts";
import { type PatchChanges, planPatch } from "./patch-plan.ts";
import { reportPatch } from "./patch-report.ts";
import { locate } from "./paths.ts";
import { parentOf } from "../parent-of.ts";

/** Applies a patch to the workspace: all of its files, or none. */
export async function patchFiles(
  input: OperationInput<"apply_patch">,
  { runtime, signal }: TabContext,
): Promise<OperationOutput<"apply_patch">> {
  if (!input.patch.isWellFormed()) {
    throw invalidArgument("patch", "has half of a surrogate pair, which UTF-8 cannot hold");
  }
  const patches = read(input.patch);
  const paths = patches.flatMap((patch) =>
    patch.op === "update" && patch.to !== null ? [patch.path, patch.to] : [patch.path],
  );
  const reals = await Promise.all(paths.map(async (path) => (await locate(runtime, path)).real));
  return fileLocks.runAll(reals, async () => {
    const changes = await planPatch(runtime, patches);
    if (changes.length === 0) throw new DiscoError("no_change", "The patch changes no file.");
    const output = await reportPatch(changes);
    // From here on the call has an effect, and is not stopped in its middle.
    signal.throwIfAborted();
    if (!input.dry_run) await writeAll(runtime.files, changes);
    return output;
  });
}

function read(source: string): FilePatch[] {
  try {
    const patches = parsePatch(source);
    if (patches.length <= PATCH_FILES_MAX) return patches;
    throw new DiscoError("too_large", `A patch may change ${PATCH_FILES_MAX} files at most.`);
  } catch (error) {
    if (!(error instanceof PatchSyntaxError)) throw error;
    throw invalidArgument("patch", `cannot be read at its line ${error.line}: ${error.message}`);
  }
}

/** Writes every file; when one fails, those before it get back what they had. */
async function writeAll(files: Files, changes: PatchChanges): Promise<void> {
  const done: (readonly [real: string, before: string | null])[] = [];
  try {
    for (const [real, { before, after }] of changes) {
      done.push([real, before]);
      await put(files, real, after);
    }
  } catch (error) {
    for (const [real, before] of done.toReversed()) await put(files, real, before).catch(() => {});
    throw error;
  }
}

async function put(files: Files, real: string, text: string | null): Promise<void> {
  if (text === null) {
    if ((await statIfThere(files, real)) !== undefined) await files.remove(real);
    return;
  }
  await files.mkdir(parentOf(real), { recursive: true });
  await files.write(real, new TextEncoder().encode(text));
}
