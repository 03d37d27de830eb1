import { DiscoError } from "#protocol/errors.ts";
import { applyHunks, type HunkRefusal } from "../edits/patch/apply-hunks.ts";
import type { FilePatch } from "../edits/patch/patch.ts";
import type { Files, Runtime } from "../runtime/runtime.ts";
import { decodeText } from "./bytes.ts";
import { refuseAbove, statIfThere } from "./file-access.ts";
import { locate } from "./paths.ts";

/** A file that a patch touches: as it was, and as it will be; null: not there. */
export interface PatchedFile {
  readonly relative: string;
  readonly before: string | null;
  after: string | null;
  /** Where it was, when it was moved. */
  from: string | null;
}

/** What a patch changes, by real path, in the order in which it touches the files. */
export type PatchChanges = readonly (readonly [real: string, file: PatchedFile])[];

type Patched = Map<string, PatchedFile>;

/**
 * Works out what the parts of a patch, one after the other, make of the files; writes nothing.
 *
 * @throws DiscoError for the first part that cannot be applied
 */
export async function planPatch(
  runtime: Runtime,
  patches: readonly FilePatch[],
): Promise<PatchChanges> {
  const patched: Patched = new Map();
  for (const patch of patches) await planPart(runtime, patch, patched);
  return [...patched].filter(([, { before, after }]) => before !== after);
}

async function planPart(runtime: Runtime, patch: FilePatch, patched: Patched): Promise<void> {
  const file = await fileAt(runtime, patch.path, patched);
  switch (patch.op) {
    case "add":
      requireAbsent(file);
      file.after = patch.text;
      return;
    case "delete":
      requirePresent(file);
      file.after = null;
      return;
    case "update": {
      const text = requirePresent(file);
      const done = applyHunks(text, patch.hunks);
      if (!done.ok) throw hunkRefused(file.relative, patch.hunks.length, done.refusal);
      const target = patch.to === null ? file : await fileAt(runtime, patch.to, patched);
      if (target !== file) {
        requireAbsent(target);
        target.from = file.relative;
        file.after = null;
      }
      target.after = done.text;
    }
  }
}

/** The file as the parts of the patch before have left it. */
async function fileAt({ files, ...runtime }: Runtime, path: string, patched: Patched) {
  const { real, relative } = await locate({ files, ...runtime }, path);
  const known = patched.get(real);
  if (known !== undefined) return known;
  const before = await textAt(files, real, relative);
  const file: PatchedFile = { relative, before, after: before, from: null };
  patched.set(real, file);
  return file;
}

async function textAt(files: Files, real: string, relative: string): Promise<string | null> {
  const stat = await statIfThere(files, real);
  if (stat === undefined) return null;
  if (stat.type === "directory") {
    throw new DiscoError("is_directory", `${relative} is a directory.`);
  }
  refuseAbove(stat.size, `${relative} is larger; change it with a program.`);
  const text = decodeText(await files.read(real));
  if (text !== undefined) return text;
  throw new DiscoError("not_text", `${relative} is not text in UTF-8.`);
}

function requirePresent({ relative, after }: PatchedFile): string {
  if (after !== null) return after;
  throw new DiscoError("file_not_found", `${relative} does not exist.`);
}

function requireAbsent({ relative, after }: PatchedFile): void {
  if (after === null) return;
  throw new DiscoError("already_exists", `${relative} exists already.`);
}

function hunkRefused(path: string, count: number, refusal: HunkRefusal): DiscoError {
  const which =
    count > 1 ? `Hunk ${refusal.hunk + 1} of ${count} for ${path}` : `The hunk for ${path}`;
  const details = { path, hunk: refusal.hunk };
  switch (refusal.reason) {
    case "not_found":
      return new DiscoError("text_not_found", `${which}: its lines are not there.`, { details });
    case "anchor_not_found":
      return new DiscoError("text_not_found", `${which}: its @@ line is not there.`, { details });
    case "no_lines":
      return new DiscoError("no_change", `${which} has no lines.`, { details });
    case "not_unique": {
      const { lines } = refusal;
      const message = `${which} fits at lines ${lines.join(", ")}; add lines around the change.`;
      return new DiscoError("text_not_unique", message, {
        details: { ...details, lines: [...lines] },
      });
    }
  }
}
