import { DiscoError } from "#protocol/errors.ts";
import type { OperationInput, OperationOutput } from "#protocol/registry.ts";
import type { FileStat, Files } from "../../runtime/runtime.ts";
import { decodeText, fromBase64, sha256, toBase64 } from "../bytes.ts";
import type { TabContext, TabHandlers } from "../context.ts";
import { fileLocks, parentOf, refuseAbove, requireHash, statIfThere } from "../file-access.ts";
import { withFileErrors } from "../file-errors.ts";
import { takeLines } from "../lines.ts";
import { listTree } from "../list-tree.ts";
import { locate, locateExisting } from "../paths.ts";
import { invalidArgument } from "../invalid-argument.ts";

export const fileHandlers: Pick<TabHandlers, "list_files" | "read_file" | "write_file"> = {
  list_files: (input, context) => withFileErrors(() => list(input, context)),
  read_file: (input, context) => withFileErrors(() => read(input, context)),
  write_file: (input, context) => withFileErrors(() => write(input, context)),
};

async function list(
  input: OperationInput<"list_files">,
  { runtime, signal }: TabContext,
): Promise<OperationOutput<"list_files">> {
  const { real, relative } = await locateExisting(runtime, input.path);
  const { files } = runtime;
  const { entries, complete } = await listTree(files, real, input.depth, signal);
  const shown = await Promise.all(
    entries.slice(0, input.limit).map(async ({ path, type }) => ({
      path: relative === "." ? path : `${relative}/${path}`,
      type,
      size: type === "directory" ? 0 : ((await statIfThere(files, `${real}/${path}`))?.size ?? 0),
    })),
  );
  const truncated = !complete || shown.length < entries.length;
  return { path: relative, entries: shown, total: entries.length, truncated };
}

async function read(
  input: OperationInput<"read_file">,
  { runtime, signal }: TabContext,
): Promise<OperationOutput<"read_file">> {
  const { real, relative } = await locateExisting(runtime, input.path);
  const { type, size } = await runtime.files.stat(real);
  if (type === "directory") throw new DiscoError("is_directory", `${relative} is a directory.`);
  refuseAbove(
    size,
    `${relative} is larger; look at parts of it with run_command (head, tail, sed).`,
  );
  signal.throwIfAborted();
  const bytes = await runtime.files.read(real);
  const about = { path: relative, bytes: bytes.length, hash: await sha256(bytes) };
  const text = input.encoding === "base64" ? undefined : decodeText(bytes);
  if (text !== undefined) {
    return { ...about, encoding: "utf8", ...takeLines(text, input.offset, input.limit) };
  }
  const whole = { start: 0, end: 0, total_lines: 0, next_offset: null, cut_lines: 0 };
  return { ...about, encoding: "base64", text: toBase64(bytes), ...whole };
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
    await checkHash(files, real, relative, before, input.expected_hash);
    const whole =
      input.mode === "append" && before ? await appended(files, real, content) : content;
    refuseAbove(whole.length, `${relative} would become larger.`);
    // From here on the call has an effect, and is not stopped in its middle.
    signal.throwIfAborted();
    if (!before) await files.mkdir(parentOf(real), { recursive: true });
    await files.write(real, whole);
    const hash = await sha256(whole);
    return { path: relative, bytes: whole.length, created: !before, hash };
  });
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

async function appended(
  files: Files,
  real: string,
  content: Uint8Array,
): Promise<Uint8Array<ArrayBuffer>> {
  const before = await files.read(real);
  const whole = new Uint8Array(before.length + content.length);
  whole.set(before);
  whole.set(content, before.length);
  return whole;
}
