import { DiscoError } from "#protocol/errors.ts";
import { FILE_MAX_BYTES, LIST_DEPTH_MAX } from "#protocol/limits.ts";
import type { OperationInput, OperationOutput } from "#protocol/registry.ts";
import { diagnose } from "../../edits/diagnostics.ts";
import { unifiedDiff } from "../../edits/unified-diff.ts";
import type { FileStat, Files } from "../../runtime/runtime.ts";
import { globMatcher } from "../../search/glob-matcher.ts";
import { decodeText, fromBase64, sha256 } from "../bytes.ts";
import type { TabContext, TabHandlers } from "../context.ts";
import { fileLocks, refuseAbove, requireHash, statIfThere } from "../file-access.ts";
import { withFileErrors } from "../file-errors.ts";
import { listTree } from "../list-tree.ts";
import { locate, locateExisting } from "../paths.ts";
import { readFiles } from "../read-files.ts";
import { invalidArgument } from "../invalid-argument.ts";
import { parentOf } from "../../parent-of.ts";

export const fileHandlers: Pick<TabHandlers, "list_files" | "read_file" | "write_file"> = {
  list_files: (input, context) => withFileErrors(() => list(input, context)),
  read_file: readFiles,
  write_file: (input, context) => withFileErrors(() => write(input, context)),
};

async function list(
  input: OperationInput<"list_files">,
  { runtime, signal }: TabContext,
): Promise<OperationOutput<"list_files">> {
  const { real, relative } = await locateExisting(runtime, input.path);
  const { files } = runtime;
  const fits = globMatcher(input.glob);
  const depth = input.depth ?? (input.glob === undefined ? 1 : LIST_DEPTH_MAX);
  const hiding = input.all ? undefined : { top: await files.realpath(runtime.root) };
  const tree = await listTree(files, real, depth, signal, hiding);
  const named = tree.entries.map(({ path, type }) => ({
    path: relative === "." ? path : `${relative}/${path}`,
    type,
    real: `${real}/${path}`,
  }));
  // A glob is for files: directories that are on the way to them say nothing.
  const found =
    input.glob === undefined
      ? named
      : named.filter(({ path, type }) => type !== "directory" && fits(path));
  const entries = await Promise.all(
    found.slice(0, input.limit).map(async ({ path, type, real: at }) => ({
      path,
      type,
      size: type === "directory" ? 0 : ((await statIfThere(files, at))?.size ?? 0),
    })),
  );
  const truncated = !tree.complete || entries.length < found.length;
  return { path: relative, entries, total: found.length, hidden: tree.hidden, truncated };
}

async function write(
  input: OperationInput<"write_file">,
  { runtime, signal }: TabContext,
): Promise<OperationOutput<"write_file">> {
  if (input.path.endsWith("/")) {
    throw invalidArgument("path", "ends with a slash, so it names a directory");
  }
  const content = contentOf(input);
  const { real, relative } = await locate(runtime, input.path);
  const { files } = runtime;
  return fileLocks.run(real, async () => {
    const before = await statIfThere(files, real);
    if (before?.type === "directory") {
      throw new DiscoError("is_directory", `${relative} is a directory.`);
    }
    if (before && input.mode === "create") {
      throw new DiscoError("already_exists", `${relative} exists already.`);
    }
    const old = await oldBytes(files, real, before);
    await checkHash(files, real, relative, before, input.expected_hash);
    const isMore = input.mode === "append" && before !== undefined;
    refuseAbove(content.length + (isMore ? before.size : 0), `${relative} would become larger.`);
    const whole = isMore && old ? joinBytes(old, content) : content;
    const change = await describeChange(relative, old, whole);
    // From here on the call has an effect, and is not stopped in its middle.
    signal.throwIfAborted();
    if (!before) await files.mkdir(parentOf(real), { recursive: true });
    await files.write(real, whole);
    const hash = await sha256(whole);
    return { path: relative, bytes: whole.length, created: !before, ...change, hash };
  });
}

/** What an answer tells of what was there; of a file larger than a call may be, nothing. */
async function oldBytes(
  files: Files,
  real: string,
  before: FileStat | undefined,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  return before && before.size <= FILE_MAX_BYTES ? files.read(real) : undefined;
}

/** Whoever writes a new file has its content, so only a change of an old one is shown. */
async function describeChange(
  relative: string,
  old: Uint8Array | undefined,
  now: Uint8Array,
): Promise<Pick<OperationOutput<"write_file">, "diff" | "diagnostics">> {
  const before = old && decodeText(old);
  const after = decodeText(now);
  if (after === undefined) return { diff: "", diagnostics: [] };
  const isShown = before !== undefined && before !== after;
  return {
    diff: isShown ? unifiedDiff(relative, before, after) : "",
    diagnostics: await diagnose(relative, after),
  };
}

function contentOf(input: OperationInput<"write_file">): Uint8Array<ArrayBuffer> {
  if (input.encoding === "base64") return fromBase64(input.content);
  if (!input.content.isWellFormed()) {
    throw invalidArgument("content", "has half of a surrogate pair, which UTF-8 cannot hold");
  }
  return new TextEncoder().encode(input.content);
}

async function checkHash(
  files: Files,
  real: string,
  relative: string,
  before: FileStat | undefined,
  expected: string | undefined,
): Promise<void> {
  if (expected === undefined) return;
  if (!before) throw new DiscoError("file_not_found", `${relative} does not exist.`);
  await requireHash(await files.read(real), relative, expected);
}

function joinBytes(before: Uint8Array, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(before.length + content.length);
  whole.set(before);
  whole.set(content, before.length);
  return whole;
}
