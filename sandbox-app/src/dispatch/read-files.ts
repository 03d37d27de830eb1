import { DiscoError } from "#protocol/errors.ts";
import { FILE_MAX_BYTES, IMAGES_MAX_BYTES, READ_MAX_CHARS } from "#protocol/limits.ts";
import type { FilePart } from "#protocol/operations/files.ts";
import type { OperationInput, OperationOutput } from "#protocol/registry.ts";
import { decodeText, sha256, toBase64 } from "./bytes.ts";
import type { TabContext } from "./context.ts";
import { fileLocks, refuseAbove, statIfThere } from "./file-access.ts";
import { withFileErrors } from "./file-errors.ts";
import { takeLines } from "./lines.ts";
import { binaryType, isShownImage, textType } from "./media-type.ts";
import { locate, type Location } from "./paths.ts";

type Input = OperationInput<"read_file">;
type Output = OperationOutput<"read_file">;
type Entry = NonNullable<Output["files"]>[number];

/** What of an answer is left for a file. */
interface Room {
  readonly chars: number;
  readonly imageBytes: number;
  readonly base64Bytes: number;
}

const wholeRoom: Room = {
  chars: READ_MAX_CHARS,
  imageBytes: IMAGES_MAX_BYTES,
  base64Bytes: FILE_MAX_BYTES,
};

/** Where a path leads, or why it leads nowhere. */
type Look = PromiseSettledResult<Location>;

/**
 * Reads one file, or several that share the room of one answer. Like those that write, it holds the
 * files' locks: what another call writes is seen as a whole or not at all, all its files included.
 */
export async function readFiles(input: Input, context: TabContext): Promise<Output> {
  const { path, paths = [] } = input;
  const asked = path === undefined ? paths : [path];
  const looks = await Promise.allSettled(asked.map((one) => locate(context.runtime, one)));
  const locked = looks.flatMap((look) => (look.status === "fulfilled" ? [look.value.real] : []));
  return fileLocks.runAll(locked, () => {
    const [only] = looks;
    return path === undefined || only === undefined
      ? readSeveral(paths, looks, input, context)
      : withFileErrors(() => readPart(only, input, wholeRoom, context));
  });
}

/** Short files leave what they do not need to those after them. */
async function readSeveral(
  paths: readonly string[],
  looks: readonly Look[],
  input: Input,
  context: TabContext,
): Promise<Output> {
  const files: Entry[] = [];
  let room = wholeRoom;
  for (const [index, look] of looks.entries()) {
    const chars = Math.floor(room.chars / (looks.length - index));
    const entry = await readEntry(paths[index] ?? "", look, input, { ...room, chars }, context);
    files.push(entry);
    room = roomAfter(room, entry);
  }
  return { files };
}

async function readEntry(
  path: string,
  look: Look,
  input: Input,
  room: Room,
  context: TabContext,
): Promise<Entry> {
  try {
    return await withFileErrors(() => readPart(look, input, room, context));
  } catch (error) {
    // The call as a whole was cancelled, or is out of time: that is no property of the file.
    context.signal.throwIfAborted();
    const { code, message } = DiscoError.from(error);
    return { path, error: `${code}: ${message}` };
  }
}

function roomAfter(room: Room, { text = "", encoding, image, bytes = 0 }: Entry): Room {
  return {
    chars: encoding === "utf8" ? Math.max(0, room.chars - text.length) : room.chars,
    imageBytes: image ? room.imageBytes - bytes : room.imageBytes,
    base64Bytes: encoding === "base64" ? room.base64Bytes - bytes : room.base64Bytes,
  };
}

async function readPart(
  look: Look,
  { offset, limit, encoding }: Input,
  room: Room,
  { runtime, signal }: TabContext,
): Promise<FilePart> {
  if (look.status === "rejected") throw look.reason;
  const { real, relative } = look.value;
  const stat = await statIfThere(runtime.files, real);
  if (stat === undefined) throw new DiscoError("file_not_found", `${relative} does not exist.`);
  const { type, size } = stat;
  if (type === "directory") throw new DiscoError("is_directory", `${relative} is a directory.`);
  refuseAbove(
    size,
    `${relative} is larger; look at parts of it with run_command (head, tail, sed).`,
  );
  if (encoding === "base64" && size > room.base64Bytes) {
    const message = `${relative} and those before it are too large for one answer; read it alone.`;
    throw new DiscoError("too_large", message, { details: { bytes: size } });
  }
  signal.throwIfAborted();
  const bytes = await runtime.files.read(real);
  const text = decodeText(bytes);
  const media_type = text === undefined ? binaryType(bytes) : textType(relative);
  const isImage = isShownImage(media_type) && bytes.length <= room.imageBytes;
  const about = {
    path: relative,
    media_type,
    image: isImage && encoding === undefined ? toBase64(bytes) : null,
    bytes: bytes.length,
    hash: await sha256(bytes),
  };
  if (encoding !== "base64" && text !== undefined) {
    return { ...about, encoding: "utf8", ...takeLines(text, offset, limit, room.chars) };
  }
  const whole = { start: 0, end: 0, total_lines: 0, next_offset: null, cut_lines: 0 };
  return encoding === "base64"
    ? { ...about, encoding: "base64", text: toBase64(bytes), ...whole }
    : { ...about, encoding: "none", text: "", ...whole };
}
